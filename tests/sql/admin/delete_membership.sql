-- It ends now: remainder and queue are dropped, this month's quota expires.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('dm-1'), t.give('dm-1', 5),
	t.add_member('dm-1', 'lite', 'yearly'), t.add_member('dm-1', 'pro'),
	t.add_member('dm-1', 'pro'), t.consume('dm-1', 30), t.stop('2027-03-20');
select is(t.end_member('dm-1'), '{"plan": "pro", "period": "monthly",
	"status": "expired", "monthly_credits": 250,
	"started_at": "2027-03-10T12:00:00+00:00",
	"expires_at": "2027-03-20T00:00:00+00:00", "next_reset_at": null,
	"upcoming": []}', 'it has ended');
select is(t.ledger('dm-1', 5), '[["expire", -70], ["expire", -150]]',
	'the quota expires');
select is(t.open_grants('dm-1'), '{"registration": 50, "bonus": 5}',
	'the rest stays');
select is(count(*) filter (where void), 11::bigint,
	'portions to come are void')
	from florin.yearly_member_credits where user_id = 'dm-1';
create temp table seen as select t.picture('dm-1') as before;
select is(t.end_member('dm-1') ->> 'status', 'expired', 'a second time');
select is(t.picture('dm-1'), before, 'changes nothing') from seen;
select t.stop('2029-01-01'), t.membership('dm-1');
select is(t.picture('dm-1'), before, 'and nothing comes later') from seen;

-- In the moment in which one follows another it is the second that ends.
select t.stop('2027-03-10 12:00'), t.register('dm-3'),
	t.add_member('dm-3', 'pro'), t.add_member('dm-3', 'lite'),
	t.stop('2027-04-10 12:00');
select is(t.end_member('dm-3') ->> 'plan', 'lite', 'what ran last');
select is(plan, 'lite', 'also in lists') from florin.user_membership_status
	where user_id = 'dm-3';

select t.stop('2027-04-20'), t.add_member('dm-3', 'pro'),
	t.stop('2027-04-21'), t.set_member('dm-3', 'lite', 'yearly');
select is(t.end_member('dm-3') ->> 'plan', 'lite', 'what replaced another');

select t.register('dm-2');
select t.refused($$select t.end_member('dm-2')$$, 'dm-2', 'not_found');
select t.refused($$select t.end_member('dm-none')$$, 'dm-none',
	'user_not_found');
select t.add_member('dm-2', 'lite', 'yearly'), t.add_member('dm-2', 'pro');
select t.whole($$select t.end_member('dm-2')$$, 'dm-2', 8, 'an end');
select results_eq($$select operator, before ->> 'status', after ->> 'status',
	reason from florin.admin_operation_logs
	where user_id = 'dm-1' and operation = 'delete_membership'$$,
	$$values ('admin:root', 'active', 'expired', 'no more')$$, 'is logged');
select t.all_well(u) from unnest(array['dm-1', 'dm-2', 'dm-3']) u;
select finish();
rollback;
