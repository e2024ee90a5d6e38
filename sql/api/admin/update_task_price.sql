-- PATCH /api/admin/task-prices/{kind}: for tasks that begin from now on.
create or replace function florin_admin.update_task_price(
	caller text, ip text, user_agent text,
	kind text, cost bigint, min_plan text, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from update_catalogue('task_price', kind, jsonb_build_object(
		'cost', cost, 'min_plan', min_plan),
		caller, 'update_task_price', reason, ip, user_agent)
$$;
