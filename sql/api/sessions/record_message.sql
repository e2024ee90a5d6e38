-- POST /api/sessions/{session_id}/messages: so many messages were exchanged.
create or replace function florin_api.record_message(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	session_id text, count bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	s user_sessions;
	a answer;
	messages constant bigint := coalesce(count, 1);
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	s := expect_open_session(user_id, session_id);
	-- next_due_at stays: settling at the old moment finds the later one.
	update user_sessions u set
		last_message_at = w.last_effective_at,
		message_count = u.message_count + messages,
		idle_at = w.last_effective_at + u.idle_after
		where u.user_id = s.user_id and u.id = s.id
		returning * into s;
	call count_activity(w, array['message_count'], messages);

	perform log_operation(caller, user_id, 'record_message', null,
		session_json(s)::jsonb, null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('session', session_json(s),
			'stats', user_stats(user_id))::text);
end
$$;
