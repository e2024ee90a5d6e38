-- POST /api/tasks/{task_id}/fail: the work failed; what it cost comes back.
-- The same again is answered as before.
create or replace function florin_api.fail_task(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	task_id text, claim_token text, error jsonb)
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
	if k.claim_token is distinct from fail_task.claim_token
			or k.status <> 'failed'
			or k.error is distinct from fail_task.error then
		k := expect_claim(user_id, task_id, claim_token);
		k.error := error;
		call end_task(w, k, t, 'failed', caller, true,
			w.last_effective_at);
		if t.seq is not null then
			w := save_wallet(w);
		end if;
	end if;

	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('task', task_json(k))::text);
end
$$;
