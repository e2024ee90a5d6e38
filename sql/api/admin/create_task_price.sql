-- POST /api/admin/task-prices.
create or replace function florin_admin.create_task_price(
	caller text, ip text, user_agent text,
	kind text, cost bigint, min_plan text, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from create_catalogue('task_price', jsonb_build_object(
		'kind', kind, 'cost', cost, 'min_plan', min_plan),
		caller, 'create_task_price', reason, ip, user_agent)
$$;
