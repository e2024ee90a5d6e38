-- The value of a setting, as text.  (PL/pgSQL keeps its plan for the session;
-- a function in SQL that reads a table is planned anew in each transaction.)
create or replace function florin.setting(setting_name text) returns text
language plpgsql stable
as $$
begin
	return (select value #>> '{}' from florin.settings
		where name = setting_name);
end
$$;
