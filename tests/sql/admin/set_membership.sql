-- An admin makes it so, from now on.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('sm-1');
select is(t.set_member('sm-1', 'pro', 'monthly', '2027-03-20T00:00Z')
	- 'upcoming', '{"plan": "pro", "period": "monthly", "status": "active",
	"monthly_credits": 250, "started_at": "2027-03-10T12:00:00+00:00",
	"expires_at": "2027-03-20T00:00:00+00:00", "next_reset_at": null}',
	'who was none becomes one');
select is(t.balance('sm-1'), 300::bigint, 'with the quota');

-- The same: nothing.  Another end: the end, and what follows with it.
create temp table seen as select revision from florin.wallets
	where user_id = 'sm-1';
select t.set_member('sm-1', 'pro', 'monthly', '2027-03-20T00:00Z'),
	t.set_member('sm-1', 'pro', 'monthly');
select is(w.revision, seen.revision, 'the same values change nothing')
	from florin.wallets w, seen where user_id = 'sm-1';
select is(count(*), 1::bigint, 'and leave no log')
	from florin.admin_operation_logs
	where user_id = 'sm-1' and operation = 'set_membership';
select t.add_member('sm-1', 'lite', 'yearly');
select is(t.set_member('sm-1', 'pro', 'monthly', '2027-04-20T00:00Z')
	#>> '{upcoming,0,starts_at}', '2027-04-20T00:00:00+00:00',
	'a later end moves the queue');
select is(expires_at, '2027-04-01Z'::timestamptz,
	'the quota lives until the reset that comes now')
	from florin.grants where user_id = 'sm-1' and source = 'membership';
select is(t.set_member('sm-1', 'pro', 'monthly', '2027-03-15T00:00Z')
	#>> '{upcoming,0,ends_at}', '2028-03-15T00:00:00+00:00', 'an earlier, too');
select t.all_well('sm-1');

-- Another plan: in its place; the queue stays.
select t.stop('2027-03-12');
select is(t.set_member('sm-1', 'premium', 'yearly') - 'upcoming',
	'{"plan": "premium", "period": "yearly", "status": "active",
	"monthly_credits": 600, "started_at": "2027-03-10T12:00:00+00:00",
	"expires_at": "2029-03-12T00:00:00+00:00",
	"next_reset_at": "2027-04-01T00:00:00+00:00"}', 'another plan');
select is(t.ledger('sm-1', 2), '[["membership", 600]]',
	'a year''s first portion');
select t.set_member('sm-1', 'lite', 'monthly');
select is(t.membership('sm-1') ->> 'plan', 'lite', 'a lower plan, too');
select is(t.ledger('sm-1', 3), null, 'which gives nothing before the reset');
select is(count(*) filter (where void), 11::bigint,
	'portions of what was replaced are void')
	from florin.yearly_member_credits where user_id = 'sm-1';
select is(jsonb_path_query_array(t.membership('sm-1'), '$.upcoming[*].plan'),
	'["lite"]', 'the queue stays');
select t.all_well('sm-1');

-- A year that is cut short: portions that have not come are void.
select t.register('sm-2'), t.set_member('sm-2', 'lite', 'yearly',
	'2027-04-15Z'), t.stop('2027-04-15');
select is(t.membership('sm-2') ->> 'status', 'expired', 'it ends by itself');
select is(count(*) filter (where void), 10::bigint, 'two have come')
	from florin.yearly_member_credits where user_id = 'sm-2';
select t.all_well('sm-2');

select is(t.field_fault($$select t.set_member('sm-1', 'lite', 'monthly',
	florin.clock())$$), '{"field": "expires_at", "code": "range"}',
	'an end must be to come');
select t.refused($$select t.set_member('sm-1', 'gold', 'monthly')$$, 'sm-1',
	'unknown_plan');
select t.refused($$select t.set_member('sm-none', 'pro', 'monthly')$$,
	'sm-none', 'user_not_found');
select t.whole($$select t.set_member('sm-1', 'premium', 'yearly')$$, 'sm-1',
	8, 'a replacement');
select finish();
rollback;
