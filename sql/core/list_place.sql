-- A place in a list over all users that is in order of time, and the cursor
-- made of it.
create or replace function florin.list_place(cursor text)
returns florin.list_place
language plpgsql stable
as $$
declare
	parts text[];
begin
	if cursor is null then
		return null;
	end if;
	parts := regexp_match(florin.cursor_key(cursor),
		'^(\d{1,18}) (\d{1,16}) (.+)$');
	if parts is null then
		perform florin.refuse_field('cursor', 'format',
			'not a cursor of this list');
	end if;
	return (timestamptz 'epoch' + parts[1]::bigint * interval '1 us',
		parts[3], parts[2]::bigint)::florin.list_place;
end
$$;

create or replace function florin.place_cursor(
	at timestamptz, id text, seq bigint default 0)
returns text
language sql stable
as $$
	select florin.key_cursor(concat_ws(' ',
		(extract(epoch from at) * 1000000)::bigint, seq, id))
$$;
