-- The upstream has answered: the charge stays, the answer is kept for those
-- who ask again with the key (body null: it is too long).
create or replace function florin_api.complete_feature(
	caller text, user_id text,
	task_id text, claim_token text, status bigint, content_type text,
	body bytea)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	k tasks;
	t credit_transactions;
begin
	w := lock_wallet(user_id, caller);
	w := settle(w);
	k := expect_task(user_id, task_id);
	if k.status = 'running' then
		k := expect_claim(user_id, task_id, claim_token);
		call end_task(w, k, t, 'succeeded', 'system', true,
			w.last_effective_at);
		insert into feature_answers
			(user_id, task_id, status, content_type, body, created_at)
			values (k.user_id, k.id, status, content_type, body,
			w.last_effective_at);
	elsif k.status <> 'succeeded' then
		return feature_failed(w, k); -- too late: it was refunded
	end if;
	return (200, json_build_object('balance', w.balance)::text, false,
		null)::answer;
end
$$;
