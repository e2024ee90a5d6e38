-- What a membership says about the next 12 months, worked out by hand.
select no_plan();
create function pg_temp.lines(uid text) returns jsonb language sql as $$
	select jsonb_agg(jsonb_build_array(left(e ->> 'at', 16), e -> 'what',
		e -> 'credits') order by place)
	from florin_api.get_calendar('user', uid) a,
		jsonb_array_elements(a.body::jsonb -> 'data')
		with ordinality as x (e, place)
$$;
begin;
select t.stop('2027-03-10 12:00'), t.register('mca-1'),
	t.add_member('mca-1', 'lite', 'yearly');
select is(pg_temp.lines('mca-1'), '[
	["2027-04-01T00:00", "portion", 100], ["2027-05-01T00:00", "portion", 100],
	["2027-06-01T00:00", "portion", 100], ["2027-07-01T00:00", "portion", 100],
	["2027-08-01T00:00", "portion", 100], ["2027-09-01T00:00", "portion", 100],
	["2027-10-01T00:00", "portion", 100], ["2027-11-01T00:00", "portion", 100],
	["2027-12-01T00:00", "portion", 100], ["2028-01-01T00:00", "portion", 100],
	["2028-02-01T00:00", "portion", 100]]', 'a year');

-- Pro for a month in between, and another month of it behind the year.
select t.stop('2027-05-20'), t.add_member('mca-1', 'pro'),
	t.add_member('mca-1', 'pro'),
	t.give('mca-1', 5, expires_at => '2027-06-20Z');
select is(pg_temp.lines('mca-1'), '[
	["2027-06-01T00:00", "reset", 250],
	["2027-06-20T00:00", "period_ends", null],
	["2027-06-20T00:00", "grant_expires", 5],
	["2027-06-20T00:00", "period_begins", 0],
	["2027-07-01T00:00", "portion", 100], ["2027-08-01T00:00", "portion", 100],
	["2027-09-01T00:00", "portion", 100], ["2027-10-01T00:00", "portion", 100],
	["2027-11-01T00:00", "portion", 100], ["2027-12-01T00:00", "portion", 100],
	["2028-01-01T00:00", "portion", 100], ["2028-02-01T00:00", "portion", 100],
	["2028-03-01T00:00", "portion", 100],
	["2028-04-10T12:00", "period_ends", null],
	["2028-04-10T12:00", "period_begins", 250],
	["2028-05-01T00:00", "reset", 250],
	["2028-05-10T12:00", "period_ends", null]]', 'an upgrade and what follows');

-- And so it comes: what the calendar said is what the ledger says.
create temp table said as
	select e.at, e.credits from florin.membership_calendar('mca-1',
		'2028-06-01') e where e.credits > 0;
create temp table seen as select t.version('mca-1') as version;
select t.stop('2028-06-01'), t.membership('mca-1');
select results_eq($$select l.effective_at, l.amount
	from florin.credit_transactions l, seen
	where l.user_id = 'mca-1' and l.seq > seen.version
		and l.kind in ('membership', 'reset') order by l.seq$$,
	'select at, credits from said order by at', 'each at its moment');
select is(pg_temp.lines('mca-1'), null, 'nothing comes after the end');
select t.all_well('mca-1');
rollback;

-- By anniversary a period's begin and the reset are one moment.
begin;
select t.set_setting('reset_anchor', '"anniversary"'),
	t.stop('2027-01-31 12:00'), t.register('mca-2'),
	t.add_member('mca-2', 'lite'), t.add_member('mca-2', 'lite', 'yearly');
select is(pg_temp.lines('mca-2') #> '{0}' || (pg_temp.lines('mca-2') #> '{1}')
	|| (pg_temp.lines('mca-2') #> '{2}') || (pg_temp.lines('mca-2') #> '{3}'),
	'["2027-02-28T12:00", "period_ends", null,
	"2027-02-28T12:00", "period_begins", 0,
	"2027-02-28T12:00", "portion", 100, "2027-03-31T12:00", "portion", 100]',
	'the first portion is the reset');
rollback;
select is_empty($$select from florin.users where user_id like 'mca-%'$$,
	'nothing of it is left');
select finish();
