-- POST /api/tasks/{task_id}/cancel: what it cost comes back.  A user cancels
-- only while nobody works on it, and gets back no credits that have expired
-- since; the site cancels what is not over.
create or replace function florin_api.cancel_task(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	task_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
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
	before := w;
	k := expect_task(user_id, task_id);
	if k.status = 'running' and caller = 'user' then
		perform refuse('task_closed', jsonb_build_object('task', task_json(k)),
			'it is being worked on: only a queued task can be cancelled');
	elsif k.finished_at is not null then
		perform refuse('task_closed', jsonb_build_object('task', task_json(k)));
	end if;

	call end_task(w, k, t, 'cancelled', caller, caller <> 'user',
		w.last_effective_at);
	if t.seq is not null then
		w := save_wallet(w);
	end if;

	perform log_operation(caller, user_id, 'cancel_task',
		wallet_facts(before), wallet_facts(w), null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		task_json(k)::text);
end
$$;
