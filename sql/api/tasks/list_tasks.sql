-- GET /api/tasks: a user's tasks, newest first.
create or replace function florin_api.list_tasks(
	caller text, user_id text, kind text, status text, "from" timestamptz,
	"to" timestamptz, "limit" bigint, cursor text)
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
	select array_agg(task_json(p.k) order by (p.k).id desc),
		array_agg((p.k).id order by (p.k).id desc)
		into rows, ids
		from (
			select k from tasks k
			where k.user_id = list_tasks.user_id
				and (before is null or k.id < before)
				and (list_tasks.kind is null or k.kind = list_tasks.kind)
				and (list_tasks.status is null
					or k.status = list_tasks.status)
				and ("from" is null or k.created_at >= "from")
				and ("to" is null or k.created_at < "to")
			order by k.id desc
			limit page + 1
		) p;
	return list_answer(rows, page, ids[page]);
end
$$;
