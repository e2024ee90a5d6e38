-- A cursor made of a ledger row's seq: where the next page goes on.
create or replace function florin.cursor_seq(cursor text) returns bigint
language plpgsql immutable
as $$
begin
	if cursor !~ '^[1-9][0-9]{0,15}$' then
		perform florin.refuse_field('cursor', 'format',
			'not a cursor of this list');
	end if;
	return cursor::bigint;
end
$$;
