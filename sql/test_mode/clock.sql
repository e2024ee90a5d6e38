-- The clock of an install made with test_mode: `florinctl clock advance` moves
-- it, forward only.
create table if not exists florin.test_clock (
	one boolean primary key default true check (one),
	ahead interval not null default '0' check (ahead >= interval '0')
);
insert into florin.test_clock default values on conflict do nothing;

create or replace function florin.clock() returns timestamptz
language plpgsql volatile
as $$
declare
	leap interval;
begin
	select ahead into leap from florin.test_clock;
	return clock_timestamp() + leap;
end
$$;

create or replace function florin.advance_clock(step interval)
returns timestamptz
language plpgsql
as $$
declare
	moment constant timestamptz := florin.clock();
begin
	if step is null or moment + step < moment then
		raise exception 'the test clock only moves forward';
	end if;
	update florin.test_clock set ahead = ahead + ((moment + step) - moment);
	return florin.clock();
end
$$;
