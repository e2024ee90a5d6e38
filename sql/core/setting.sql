-- The value of a setting, as text.
create or replace function florin.setting(setting_name text) returns text
language sql stable
as $$ select value #>> '{}' from florin.settings where name = setting_name $$;
