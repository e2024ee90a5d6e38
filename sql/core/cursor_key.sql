-- A cursor made of any text, as hexadecimal digits: its text.
create or replace function florin.cursor_key(cursor text) returns text
language plpgsql immutable
as $$
begin
	return convert_from(decode(cursor, 'hex'), 'UTF8');
exception when data_exception then
	perform florin.refuse_field('cursor', 'format',
		'not a cursor of this list');
end
$$;

create or replace function florin.key_cursor(key text) returns text
language sql immutable
as $$ select encode(convert_to(key, 'UTF8'), 'hex') $$;
