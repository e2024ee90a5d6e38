-- GET /api/admin/audit-log: what admins did, newest first.
create or replace function florin_admin.list_operations(
	caller text, user_id text, operator text, operation text, outcome text,
	"from" timestamptz, "to" timestamptz, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	place constant list_place := list_place(cursor);
	rows json[];
	cursors text[];
begin
	select array_agg(log_entry_json(p.l)
				order by (p.l).created_at desc, (p.l).id desc),
			array_agg(place_cursor((p.l).created_at, (p.l).id)
				order by (p.l).created_at desc, (p.l).id desc)
		into rows, cursors
		from (
			select l from admin_operation_logs l
			where (place is null
					or (l.created_at, l.id) < ((place).at, (place).id))
				and (list_operations.user_id is null
					or l.user_id = list_operations.user_id)
				and (list_operations.operator is null
					or l.operator = list_operations.operator)
				and (list_operations.operation is null
					or l.operation = list_operations.operation)
				and (list_operations.outcome is null
					or l.outcome = list_operations.outcome)
				and ("from" is null or l.created_at >= "from")
				and ("to" is null or l.created_at < "to")
			order by l.created_at desc, l.id desc
			limit page + 1
		) p;
	return list_answer(rows, page, cursors[page]);
end
$$;
