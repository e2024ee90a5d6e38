-- GET /api/admin/tasks: all users' tasks, newest first, as of one moment: a
-- lease that is over by then is shown as time will end it.
create or replace function florin_admin.list_all_tasks(
	caller text, user_id text, kind text, status text,
	"from" timestamptz, "to" timestamptz, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	before constant text := cursor_id(cursor);
	moment constant timestamptz := clock();
	rows json[];
	ids text[];
begin
	select array_agg(task_json(p.k) order by (p.k).id desc),
		array_agg((p.k).id order by (p.k).id desc)
		into rows, ids
		from (
			select s as k from tasks k cross join task_at(k, moment) s
			where (before is null or k.id < before)
				and (list_all_tasks.user_id is null
					or k.user_id = list_all_tasks.user_id)
				and (list_all_tasks.kind is null
					or k.kind = list_all_tasks.kind)
				and (list_all_tasks.status is null
					or s.status = list_all_tasks.status)
				and ("from" is null or k.created_at >= "from")
				and ("to" is null or k.created_at < "to")
			order by k.id desc
			limit page + 1
		) p;
	return dated_list_answer(rows, page, ids[page], moment);
end
$$;
