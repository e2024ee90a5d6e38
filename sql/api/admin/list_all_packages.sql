-- GET /api/admin/packages.
create or replace function florin_admin.list_all_packages(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select * from list_catalogue('package', "limit", cursor) $$;
