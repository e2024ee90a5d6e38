-- GET /api/admin/action-types.
create or replace function florin_admin.list_action_types(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select * from list_catalogue('action_type', "limit", cursor) $$;
