-- Where months begin, in zones whose clocks jump.
begin;
select no_plan();
select is(florin.local_moment(local, zone), moment, zone || ' ' || local)
	from (values
	('2027-04-01 00:00'::timestamp, 'UTC', '2027-04-01 00:00Z'::timestamptz),
	('2027-04-01 00:00', 'Asia/Shanghai', '2027-03-31 16:00Z'),
	('2027-04-01 00:00', 'America/New_York', '2027-04-01 04:00Z'),
	-- Twice: the first.  Not at all: where the jump ends.
	('2026-11-01 00:00', 'America/Havana', '2026-11-01 04:00Z'),
	('2026-11-01 01:30', 'America/New_York', '2026-11-01 05:30Z'),
	('2027-03-14 00:00', 'America/Havana', '2027-03-14 05:00Z'),
	('2027-03-14 02:30', 'America/New_York', '2027-03-14 07:30Z'))
	as v (local, zone, moment);

create function pg_temp.month(anchor text, zone text, start timestamptz,
	moment timestamptz, ahead integer)
returns timestamptz language sql as $$
	select florin.membership_month(row ('u', 'active', anchor, zone, start,
		start, start, null, 0, null, null)::florin.memberships, moment, ahead)
$$;
select is(array[pg_temp.month(anchor, zone, start, moment, 0),
		pg_temp.month(anchor, zone, start, moment, 1)], array[here, next],
		format('%s, %s, %s: its month and the next', anchor, zone, moment))
	from (values
	('first_of_month', 'UTC', '2027-01-31 10:00Z'::timestamptz,
		'2027-02-01 00:00Z'::timestamptz, '2027-02-01 00:00Z'::timestamptz,
		'2027-03-01 00:00Z'::timestamptz),
	('first_of_month', 'UTC', '2027-01-31 10:00Z',
		'2027-01-31 23:59:59.999999Z', '2027-01-01 00:00Z',
		'2027-02-01 00:00Z'),
	('first_of_month', 'Asia/Shanghai', '2027-01-31 10:00Z',
		'2027-02-28 16:00Z', '2027-02-28 16:00Z', '2027-03-31 16:00Z'),
	('first_of_month', 'America/New_York', '2026-10-31 10:00Z',
		'2026-11-30 12:00Z', '2026-11-01 04:00Z', '2026-12-01 05:00Z'),
	('first_of_month', 'America/Havana', '2026-10-10 10:00Z',
		'2026-11-01 04:30Z', '2026-11-01 04:00Z', '2026-12-01 05:00Z'),
	('anniversary', 'UTC', '2027-01-31 10:00Z', '2027-02-28 10:00Z',
		'2027-02-28 10:00Z', '2027-03-31 10:00Z'),
	('anniversary', 'UTC', '2027-01-31 10:00Z', '2027-02-28 09:59Z',
		'2027-01-31 10:00Z', '2027-02-28 10:00Z'),
	('anniversary', 'UTC', '2027-01-31 10:00Z', '2028-02-29 11:00Z',
		'2028-02-29 10:00Z', '2028-03-31 10:00Z'),
	('anniversary', 'UTC', '2028-02-29 10:00Z', '2029-03-01 00:00Z',
		'2029-02-28 10:00Z', '2029-03-29 10:00Z'),
	('anniversary', 'America/New_York', '2027-02-14 07:30Z',
		'2027-03-14 07:30Z', '2027-03-14 07:30Z', '2027-04-14 06:30Z'))
	as v (anchor, zone, start, moment, here, next);

-- Day by day over ten years: months follow each other without a gap, each
-- moment is in exactly one.
create function pg_temp.gaps(anchor text, zone text) returns bigint
language sql as $$
	with start (at) as (values ('2020-01-31 03:30'::timestamp
		at time zone zone))
	select count(*) from start,
		generate_series(start.at, start.at + interval '10 years',
			interval '53 hours 7 minutes') d
	where pg_temp.month(anchor, zone, start.at, d, 0) > d
		or pg_temp.month(anchor, zone, start.at, d, 1) <= d
		or pg_temp.month(anchor, zone, start.at,
			pg_temp.month(anchor, zone, start.at, d, 1), 0)
			<> pg_temp.month(anchor, zone, start.at, d, 1)
		or pg_temp.month(anchor, zone, start.at,
			pg_temp.month(anchor, zone, start.at, d, 1)
				- interval '1 microsecond', 0)
			<> pg_temp.month(anchor, zone, start.at, d, 0)
$$;
select is(pg_temp.gaps(anchor, zone), 0::bigint, anchor || ', ' || zone)
	from unnest(array['first_of_month', 'anniversary']) anchor,
	unnest(array['UTC', 'Asia/Shanghai', 'America/New_York',
		'America/Havana', 'Australia/Lord_Howe', 'Africa/Casablanca',
		'Pacific/Apia']) zone;

-- A remainder is exact where the clock jumps, whatever the session's zone: a
-- month of 31 days of 24 hours that resumes before the jump has as many.
set local timezone = 'America/New_York';
select t.set_setting('timezone', '"America/New_York"'),
	t.stop('2027-01-20', 'America/New_York'), t.register('mo-1'),
	t.add_member('mo-1', 'lite'), t.add_member('mo-1', 'pro');
select is(extract(epoch from ends_at - starts_at), 744 * 3600.0,
	'to the second') from florin.membership_periods
	where user_id = 'mo-1' and state = 'waiting';
select t.all_well('mo-1');
select finish();
rollback;
