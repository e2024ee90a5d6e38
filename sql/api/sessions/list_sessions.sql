-- GET /api/sessions: those that are over, the last begun first.
create or replace function florin_api.list_sessions(
	caller text, user_id text, "from" timestamptz, "to" timestamptz,
	"limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	before constant text := cursor_id(cursor);
	rows json[];
	ids text[];
begin
	perform touch(user_id, caller);
	select array_agg(session_record_json(p.r) order by (p.r).id desc),
		array_agg((p.r).id order by (p.r).id desc)
		into rows, ids
		from (
			select r from session_records r
			where r.user_id = list_sessions.user_id
				and (before is null or r.id < before)
				and ("from" is null or r.started_at >= "from")
				and ("to" is null or r.started_at < "to")
			order by r.id desc
			limit page + 1
		) p;
	return list_answer(rows, page, ids[page]);
end
$$;
