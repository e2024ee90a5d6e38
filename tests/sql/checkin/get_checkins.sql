-- florin_api.get_checkins: the check-ins of a month and where the streak
-- stands.
select no_plan();

create function pg_temp.month(uid text, month text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.get_checkins('user', uid, month)
$$;
create function pg_temp.check_in(uid text) returns jsonb language sql as $$
	select body::jsonb -> 'checkin' from florin_api.check_in('user', uid,
		null, null, null, null)
$$;

-- Noon of the 30th of next December: the month ends in two days.
select t.sleep((to_char(t.now(), 'YYYY')::integer + 1 || '-12-30 12:00')
	::timestamp at time zone 'UTC' - t.now());
create temp table here as select to_char(t.now(), 'YYYY') as year;

select t.register('gch-1'), t.register('gch-2');
select is(pg_temp.month('gch-1'), jsonb_build_object('month', year || '-12',
	'days', '[]'::jsonb, 'streak', 0, 'checked_in_today', false),
	'a month without') from here;

create temp table days (n integer, checkin jsonb);
insert into days values (1, pg_temp.check_in('gch-1'));
select t.sleep('1 d');
select is(pg_temp.month('gch-1') -> 'checked_in_today', 'false',
	'a new day is not checked in');
select is(pg_temp.month('gch-1') -> 'streak', '1',
	'but the streak still stands');
insert into days values (2, pg_temp.check_in('gch-1'));
select is(pg_temp.month('gch-1') - 'month', jsonb_build_object('days',
	(select jsonb_agg(checkin order by n) from days), 'streak', 2,
	'checked_in_today', true), 'first day first');

-- A streak goes on over the end of month and year; months are apart.
select t.sleep('1 d');
insert into days values (3, pg_temp.check_in('gch-1'));
select is(pg_temp.month('gch-1'), jsonb_build_object('month',
	(year::integer + 1) || '-01', 'days',
	(select jsonb_build_array(checkin) from days where n = 3), 'streak', 3,
	'checked_in_today', true), 'the month that is now') from here;
select is(jsonb_array_length(pg_temp.month('gch-1', year || '-12') -> 'days'),
	2, 'the last one') from here;
select is(pg_temp.month('gch-1', year || '-11') - 'month', '{"days": [],
	"streak": 3, "checked_in_today": true}', 'one before') from here;
select is(pg_temp.month('gch-1', '9999-12') -> 'days', '[]', 'the last of all');
select is(pg_temp.month('gch-2') -> 'days', '[]', 'nobody else''s days');

select t.sleep('2 d');
select is(pg_temp.month('gch-1') - 'days' - 'month',
	'{"streak": 0, "checked_in_today": false}', 'a day without ends it');
select t.refused($$select pg_temp.month('gch-none')$$, 'gch-none',
	'user_not_found');
select t.all_well('gch-1');
select finish();
