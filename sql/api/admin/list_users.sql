-- GET /api/admin/users: newest first, as of one moment.  Nothing is settled:
-- what has ended by then is not counted.
create or replace function florin_admin.list_users(
	caller text, query text, plan text, status text,
	"from" timestamptz, "to" timestamptz, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	place constant list_place := list_place(cursor);
	moment constant timestamptz := clock();
	wanted constant text := lower(query);
	rows json[];
	cursors text[];
begin
	select array_agg(listed_user_json(p.v, moment)
				order by (p.v).created_at desc, (p.v).user_id desc),
			array_agg(place_cursor((p.v).created_at, (p.v).user_id)
				order by (p.v).created_at desc, (p.v).user_id desc)
		into rows, cursors
		from (
			select v from user_membership_status v
			where (place is null or (v.created_at, v.user_id)
					< ((place).at, (place).id))
				and (wanted is null
					or strpos(lower(v.user_id), wanted) > 0
					or strpos(lower(v.email), wanted) > 0
					or strpos(lower(v.display_name), wanted) > 0)
				and (list_users.plan is null or v.plan = list_users.plan)
				and (list_users.status is null
					or v.status = list_users.status)
				and ("from" is null or v.created_at >= "from")
				and ("to" is null or v.created_at < "to")
			order by v.created_at desc, v.user_id desc
			limit page + 1
		) p;
	return dated_list_answer(rows, page, cursors[page], moment);
end
$$;
