-- A cursor that is the id of a page's last row: where the next page goes on.
create or replace function florin.cursor_id(cursor text) returns text
language plpgsql immutable
as $$
begin
	if cursor !~ '^[0-9a-z]{26}$' then
		perform florin.refuse_field('cursor', 'format',
			'not a cursor of this list');
	end if;
	return cursor;
end
$$;
