-- Sessions.  One is open for each client of a user ('' where nobody named a
-- client); it moves to session_records when it ends.

-- The session that somebody wants to go on with, in a wallet that is locked
-- and settled.  One that is over: 409 with its record.
create or replace function florin.expect_open_session(
	uid text, session_id text)
returns florin.user_sessions
language plpgsql
as $$
declare
	s florin.user_sessions;
begin
	select * into s from florin.user_sessions
		where user_id = uid and id = session_id;
	if not found then
		perform florin.refuse('session_closed', jsonb_build_object(
			'session_record', florin.session_record_json(r)))
			from florin.session_records r
			where r.user_id = uid and r.id = session_id;
		perform florin.refuse('not_found');
	end if;
	return s;
end
$$;

-- Move an open session to the records.
create or replace function florin.end_session(
	s florin.user_sessions, moment timestamptz, reason text)
returns florin.session_records
language plpgsql
as $$
declare
	r florin.session_records;
begin
	delete from florin.user_sessions
		where user_id = s.user_id and id = s.id;
	insert into florin.session_records
		(user_id, id, client, metadata, started_at, last_message_at,
		message_count, ended_at, duration_seconds, end_reason)
		values (s.user_id, s.id, s.client, s.metadata, s.started_at,
		s.last_message_at, s.message_count, moment,
		floor(extract(epoch from moment - s.started_at)), reason)
		returning * into r;
	update florin.stats set
		session_seconds = session_seconds + r.duration_seconds,
		revision = revision + 1
		where user_id = s.user_id;
	return r;
end
$$;

-- A session in which nothing was said for too long ended with its last
-- message.
create or replace procedure florin.end_idle_session(
	w florin.wallets, session_id text)
language plpgsql
as $$
declare
	s florin.user_sessions;
begin
	select * into strict s from florin.user_sessions
		where user_id = w.user_id and id = session_id;
	perform florin.end_session(s, coalesce(s.last_message_at, s.started_at),
		'idle');
end
$$;
