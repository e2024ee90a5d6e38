-- GET /api/admin/credit-sources.
create or replace function florin_admin.list_credit_sources(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select * from list_catalogue('credit_source', "limit", cursor) $$;
