-- POST /api/sessions: the open session of a user's client; 201 if it is new.
create or replace function florin_api.start_session(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	client text, metadata jsonb)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	s user_sessions;
	a answer;
	created boolean := false;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	select * into s from user_sessions u
		where u.user_id = w.user_id
			and u.client = coalesce(start_session.client, '');
	if not found then
		created := true;
		insert into user_sessions
			(user_id, id, client, metadata, started_at, idle_after, idle_at)
			values (w.user_id, new_id(w.last_effective_at),
			coalesce(client, ''), metadata, w.last_effective_at,
			setting('session_idle')::interval,
			w.last_effective_at + setting('session_idle')::interval)
			returning * into s;
		call count_activity(w, array['session_count']);
		call wake_at(w, s.idle_at);
		perform log_operation(caller, user_id, 'start_session', null,
			session_json(s)::jsonb, null, ip, user_agent);
	end if;
	return answer(w, caller, idempotency_key, request_hash,
		case when created then 201 else 200 end,
		json_build_object('session', session_json(s),
			'stats', user_stats(user_id))::text);
end
$$;
