-- GET /api/admin/settings: all settings of the business.
create or replace function florin_admin.get_settings(caller text)
returns florin.answer
language sql stable security definer
set search_path = florin, pg_temp
as $$ select 200, settings_json()::text, false, null::bigint $$;
