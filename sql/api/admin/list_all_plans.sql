-- GET /api/admin/plans.
create or replace function florin_admin.list_all_plans(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select * from list_catalogue('plan', "limit", cursor) $$;
