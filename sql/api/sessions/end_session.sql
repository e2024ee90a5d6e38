-- POST /api/sessions/{session_id}/end: it moves to the records.
create or replace function florin_api.end_session(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	session_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	r session_records;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	r := florin.end_session(expect_open_session(user_id, session_id),
		w.last_effective_at, 'ended');
	call count_activity(w, '{}');

	perform log_operation(caller, user_id, 'end_session', null,
		session_record_json(r)::jsonb, null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('session_record', session_record_json(r),
			'stats', user_stats(user_id))::text);
end
$$;
