-- GET /api/admin/task-prices.
create or replace function florin_admin.list_task_prices(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select * from list_catalogue('task_price', "limit", cursor) $$;
