-- The upstream has failed: the charge goes back.  `problem` is how the answer
-- begins, up to the members that only the refund knows: it is kept whole, for
-- the same key again.
create or replace function florin_api.fail_feature(
	caller text, user_id text, task_id text, claim_token text, error text,
	problem text)
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
		k.error := to_jsonb(error);
		call end_task(w, k, t, 'failed', 'system', true,
			w.last_effective_at);
		if t.seq is not null then
			w := save_wallet(w);
		end if;
		insert into feature_answers
			(user_id, task_id, status, content_type, body, created_at)
			values (k.user_id, k.id, 502, 'application/problem+json',
			convert_to(problem || ',' || substr(feature_refund(k)::text, 2),
				'UTF8'), w.last_effective_at);
	end if;
	return feature_failed(w, k);
end
$$;
