-- What has begun keeps its terms; what is bought later has those of then.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('te-1'),
	t.add_member('te-1', 'lite', 'yearly'), t.add_member('te-1', 'pro'),
	t.register('te-2'), t.add_member('te-2', 'lite'),
	t.add_member('te-2', 'lite');
create temp table seen as select user_id, t.membership(user_id) as before,
	florin_api.get_calendar('user', user_id) as calendar
	from unnest(array['te-1', 'te-2']) user_id;

update florin.plans set monthly_credits = 111, rank = 7 where plan = 'lite';
update florin.plans set monthly_credits = 333 where plan = 'pro';
update florin.plan_prices set amount = 1;
select t.set_setting('reset_anchor', '"anniversary"'),
	t.set_setting('timezone', '"Asia/Shanghai"'),
	t.set_setting('refund_grace', '"1 d"');
select is(t.membership(user_id), before, user_id || ' is as it was')
	from seen;
select is((florin_api.get_calendar('user', user_id)).body, (calendar).body,
	'and will be') from seen;
select t.stop('2027-03-31 23:59'), t.membership('te-1');
select is(t.version('te-1'), 3::bigint, 'no reset at midnight of Shanghai');
select t.stop('2027-04-01');
select is(t.membership('te-1') ->> 'balance', '300', 'pro''s quota of then');
select t.stop('2027-04-10 12:00'), t.stop('2027-05-01');
select is(t.membership('te-1') ->> 'balance', '150', 'lite''s');

-- What is bought now: its quota, in the membership's own months.
select t.stop('2027-05-02'), t.add_member('te-2', 'lite');
select is(t.membership('te-2') - 'started_at' - 'upcoming', '{"plan": "lite",
	"period": "monthly", "status": "active", "monthly_credits": 100,
	"expires_at": "2027-06-10T12:00:00+00:00",
	"next_reset_at": "2027-06-01T00:00:00+00:00", "balance": 150}',
	'behind what runs');
select t.stop('2027-05-10 12:00');
select is(t.membership('te-2') ->> 'balance', '161',
	'what it gives above this month''s quota');
select t.stop('2027-06-01');
select is(t.membership('te-2') ->> 'balance', '161', 'and at the reset');

-- A new membership: everything anew.
select t.stop('2027-06-30 17:00'), t.register('te-3');
select is(t.add_member('te-3', 'lite') - 'started_at' - 'upcoming',
	'{"plan": "lite", "period": "monthly", "status": "active",
	"monthly_credits": 111, "expires_at": "2027-07-31T17:00:00+00:00",
	"next_reset_at": null}', 'it was July in Shanghai');
select t.all_well(u) from unnest(array['te-1', 'te-2', 'te-3']) u;
select finish();
rollback;
