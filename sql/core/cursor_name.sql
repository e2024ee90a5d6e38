-- A cursor that is the name of a page's last row, in hexadecimal digits, since
-- a name may hold what a cursor may not.
create or replace function florin.cursor_name(cursor text) returns text
language plpgsql immutable
as $$
begin
	if cursor !~ '^([2-7][0-9a-f]){1,64}$' then
		perform florin.refuse_field('cursor', 'format',
			'not a cursor of this list');
	end if;
	return convert_from(decode(cursor, 'hex'), 'UTF8');
end
$$;
