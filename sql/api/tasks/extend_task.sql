-- POST /api/tasks/{task_id}/extend: the lease ends so many seconds from now.
create or replace function florin_api.extend_task(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	task_id text, claim_token text, lease_seconds bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	k tasks;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	k := expect_claim(user_id, task_id, claim_token);
	update tasks u set lease_expires_at = w.last_effective_at + coalesce(
			make_interval(secs => lease_seconds),
			setting('task_lease')::interval)
		where u.user_id = k.user_id and u.id = k.id
		returning * into k;
	call wake_at(w, k.lease_expires_at);

	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('task', claim_json(k))::text);
end
$$;
