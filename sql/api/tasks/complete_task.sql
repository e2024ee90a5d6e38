-- POST /api/tasks/{task_id}/complete: the work is done.  The same again is
-- answered as before.
create or replace function florin_api.complete_task(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	task_id text, claim_token text, result jsonb)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	k tasks;
	t credit_transactions;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	k := expect_task(user_id, task_id);
	if k.claim_token is distinct from complete_task.claim_token
			or k.status <> 'succeeded'
			or k.result is distinct from complete_task.result then
		k := expect_claim(user_id, task_id, claim_token);
		k.result := result;
		call end_task(w, k, t, 'succeeded', caller, true,
			w.last_effective_at);
	end if;

	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('task', task_json(k))::text);
end
$$;
