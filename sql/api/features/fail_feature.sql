-- The upstream has failed: the charge goes back.
create or replace function florin_api.fail_feature(
	caller text, user_id text, task_id text, claim_token text, error text)
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
	call settle(w);
	k := expect_task(user_id, task_id);
	if k.status = 'running' then
		k := expect_claim(user_id, task_id, claim_token);
		k.error := to_jsonb(error);
		call end_task(w, k, t, 'failed', 'system', true,
			w.last_effective_at);
		if t.seq is not null then
			call save_wallet(w);
		end if;
	end if;
	return feature_failed(w, k);
end
$$;
