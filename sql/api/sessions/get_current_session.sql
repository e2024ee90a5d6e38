-- GET /api/sessions/current: the open session of a client, of whichever
-- client began last where none is named; null if there is none.
create or replace function florin_api.get_current_session(
	caller text, user_id text, client text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	open_session json;
begin
	perform touch(user_id, caller);
	select session_json(s) into open_session from user_sessions s
		where s.user_id = get_current_session.user_id
			and (get_current_session.client is null
				or s.client = get_current_session.client)
		order by s.id desc limit 1;
	return (200, json_build_object('session', open_session)::text, false,
		null)::answer;
end
$$;
