-- florin_api.get_calendar: what the next 12 months bring and take.
select no_plan();

-- [[what, credits, source], …] and how far ahead.
create function pg_temp.calendar(uid text) returns jsonb
language sql as $$
	select body::jsonb -> 'data' from florin_api.get_calendar('user', uid)
$$;
create function pg_temp.lines(uid text) returns jsonb
language sql as $$
	select coalesce(jsonb_agg(jsonb_build_array(e -> 'what', e -> 'credits',
		e -> 'source') order by place), '[]')
	from jsonb_array_elements(pg_temp.calendar(uid))
		with ordinality as x (e, place)
$$;

select t.register('cal-1'), t.register('cal-2');
select is(pg_temp.calendar('cal-1'), '[]', 'nothing');
select t.give('cal-1', 7, expires_at => t.now() + '30 d'),
	t.give('cal-1', 5, 'referral', t.now() + '2 h', 1),
	t.give('cal-1', 3, expires_at => t.now() + interval '12 months 1 h'),
	t.give('cal-1', 2);
select t.consume('cal-1', 1);
select t.hold('cal-1', 6, 3600);
select is(pg_temp.lines('cal-1'), '[["hold_expires", 6, null],
	["grant_expires", 5, "bonus"]]', 'in order of time, what remains');
select is(pg_temp.calendar('cal-1') #> '{1,at}', to_jsonb(expires_at),
	'when') from florin.grants where user_id = 'cal-1' and amount = 7;
select t.sleep('2 h');
select is(pg_temp.lines('cal-1'), '[["grant_expires", 7, "bonus"],
	["grant_expires", 3, "bonus"]]', 'what is over is gone, a year is a year');
select is(pg_temp.lines('cal-2'), '[]', 'nobody else''s');

-- A membership's lines stand among them; its credits expire with its reset
-- or its end, not by lines of their own.
select t.register('cal-3');
select t.add_member('cal-3', 'lite', 'yearly');
select is(pg_temp.lines('cal-3') @> '[["grant_expires"]]', false,
	'no expiry of a quota');
select is(array(select distinct e ->> 'what'
	from jsonb_array_elements(pg_temp.calendar('cal-3')) e order by 1),
	array(select distinct what from florin.membership_calendar('cal-3',
		t.now() + '1 year') order by 1), 'all that the membership brings');
select ok(pg_temp.calendar('cal-3') #> '{0,at}' <= pg_temp.calendar('cal-3')
	#> '{1,at}', 'in order of time');
select t.refused('select florin_api.get_calendar(''user'', ''cal-none'')',
	'cal-none', 'user_not_found');
select t.all_well('cal-1');
select finish();
