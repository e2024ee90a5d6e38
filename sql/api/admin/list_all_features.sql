-- GET /api/admin/features.
create or replace function florin_admin.list_all_features(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select * from list_catalogue('feature', "limit", cursor) $$;
