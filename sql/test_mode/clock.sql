-- The clock of an install made with test_mode: `florinctl clock advance` moves
-- it, forward only.
create table if not exists florin.test_clock (
	only boolean primary key default true check (only),
	ahead interval not null default '0' check (ahead >= interval '0')
);
insert into florin.test_clock default values on conflict do nothing;

create or replace function florin.clock() returns timestamptz
language sql volatile
as $$ select clock_timestamp() + (select ahead from florin.test_clock) $$;

create or replace function florin.advance_clock(step interval)
returns timestamptz
language plpgsql
as $$
begin
	if step is null or clock_timestamp() + step < clock_timestamp() then
		raise exception 'the test clock only moves forward';
	end if;
	update florin.test_clock c
		set ahead = (clock_timestamp() + c.ahead + step) - clock_timestamp();
	return florin.clock();
end
$$;
