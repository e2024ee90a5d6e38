-- Plans that were paid for: orders, invoices, money that goes back.
-- (The orders themselves are tests/sql/payments': here they have no row.)
select no_plan();
create function pg_temp.all_well(uid text) returns text
language sql as $$
	select is_empty(format('select * from florin.check_user(%L)
		where invariant <> ''order''', uid), 'the invariants of ' || uid)
$$;

-- What remains of the order's own grants; what was spent is the shortfall.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-1'),
	t.order_plan('po-1', 'pro', 'monthly', 'o1'), t.consume('po-1', 30),
	t.stop('2027-03-20');
select is(t.refund_plan('po-1', 'o1'), '{"taken": -220, "shortfall": 30}',
	'what remains is taken');
select is(t.ledger('po-1', 2), '[["consume", -30], ["clawback", -220]]',
	'by a row of its own');
select is(array[reference_type, reference_id, reason, actor],
	array['order', 'o1', 'money back', 'payment:o1'],
	'which names the order')
	from florin.credit_transactions where user_id = 'po-1' and seq = 4;
select is(t.membership('po-1') ->> 'status', 'expired', 'nothing else is left');
select pg_temp.all_well('po-1');
select t.refused($$select t.refund_plan('po-1', 'o1')$$, 'po-1',
	'order_not_refundable', name => 'a second time');
select t.refused($$select t.refund_plan('po-1', 'o2')$$, 'po-1',
	'order_not_refundable', name => 'no such order');
rollback;

-- Two months of it: what expired is nobody's debt, what is held is.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-2'),
	t.order_plan('po-2', 'pro', 'monthly', 'o1'), t.consume('po-2', 30),
	t.stop('2027-04-05'), t.consume('po-2', 10), t.hold('po-2', 20);
select is(t.refund_plan('po-2', 'o1'), '{"taken": -220, "shortfall": 60}',
	'30 in March, 10 in April, 20 are held');
select is(t.balance('po-2'), 50::bigint, 'the rest is untouched');
select pg_temp.all_well('po-2');
rollback;

-- A queued one is dropped, what follows moves up.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-3'),
	t.order_plan('po-3', 'lite', 'monthly', 'o1'),
	t.order_plan('po-3', 'lite', 'monthly', 'o2'),
	t.order_plan('po-3', 'lite', 'yearly', 'o3');
select is(t.refund_plan('po-3', 'o2'), '{"taken": null, "shortfall": 0}',
	'it has given nothing');
select is(t.membership('po-3') -> 'upcoming', '[{"plan": "lite",
	"period": "yearly", "starts_at": "2027-04-10T12:00:00+00:00",
	"ends_at": "2028-04-10T12:00:00+00:00"}]', 'the year moves up');
select is(t.refund_plan('po-3', 'o1'), '{"taken": -100, "shortfall": 0}',
	'the running one goes');
select is(t.membership('po-3') - 'upcoming', '{"plan": "lite",
	"period": "yearly", "status": "active", "monthly_credits": 100,
	"started_at": "2027-03-10T12:00:00+00:00",
	"expires_at": "2028-03-10T12:00:00+00:00",
	"next_reset_at": "2027-04-01T00:00:00+00:00", "balance": 150}',
	'the year runs, its first portion comes at its start');
select t.stop('2027-04-01');
select is(t.membership('po-3') ->> 'balance', '150', 'April gives the next');
select is(array_agg(portion order by portion), array[1, 2], 'of twelve')
	from florin.yearly_member_credits
	where user_id = 'po-3' and given_at is not null;
select pg_temp.all_well('po-3');
rollback;

-- What moves up to now gives what its plan has above what this month gave:
-- what was not spent of the refunded quota comes again, what was spent not.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-10'),
	t.order_plan('po-10', 'lite', 'monthly', 'o1'),
	t.order_plan('po-10', 'lite', 'monthly', 'o2'), t.consume('po-10', 30),
	t.stop('2027-03-12');
select is(t.refund_plan('po-10', 'o1'), '{"taken": -70, "shortfall": 30}',
	'the running one goes');
select is(t.open_grants('po-10'), '{"registration": 50, "membership": 70}',
	'the next one begins');
select pg_temp.all_well('po-10');
rollback;

-- An interrupted one resumes.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-4'),
	t.order_plan('po-4', 'lite', 'yearly', 'o1'), t.stop('2027-03-20'),
	t.order_plan('po-4', 'pro', 'monthly', 'o2'), t.stop('2027-03-25');
select is(t.refund_plan('po-4', 'o2'), '{"taken": -150, "shortfall": 0}',
	'only its own grants');
select is(t.membership('po-4') - 'upcoming', '{"plan": "lite",
	"period": "yearly", "status": "active", "monthly_credits": 100,
	"started_at": "2027-03-10T12:00:00+00:00",
	"expires_at": "2028-03-15T12:00:00+00:00",
	"next_reset_at": "2027-04-01T00:00:00+00:00", "balance": 150}',
	'the year goes on, five days later');
select t.stop('2027-03-26'), t.order_plan('po-4', 'pro', 'monthly', 'o3');
select is(t.open_grants('po-4') ->> 'membership', '250',
	'who buys again gets the difference again');
select t.stop('2027-04-05');
select is(t.refund_plan('po-4', 'o3'), '{"taken": -250, "shortfall": 0}',
	'after a reset: that month''s');
select is(t.membership('po-4') ->> 'balance', '50',
	'and the month has given its quota');
select t.stop('2027-05-01');
select is(t.membership('po-4') ->> 'balance', '150', 'the next one gives');
select pg_temp.all_well('po-4');
-- The interrupted one itself is refunded: it never resumes.
select t.stop('2027-05-10'), t.order_plan('po-4', 'pro', 'monthly', 'o4');
select is(t.refund_plan('po-4', 'o1'), '{"taken": -100, "shortfall": 0}',
	'an interrupted one');
select is(t.membership('po-4') - 'started_at', '{"plan": "pro",
	"period": "monthly", "status": "active", "monthly_credits": 250,
	"expires_at": "2027-06-10T00:00:00+00:00",
	"next_reset_at": "2027-06-01T00:00:00+00:00", "upcoming": [],
	"balance": 200}', 'the running one runs on');
select pg_temp.all_well('po-4');
rollback;

-- Bought, spent, refunded and bought again: all of it together is one quota
-- of the higher plan.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-9'),
	t.order_plan('po-9', 'lite', 'monthly', 'o1'),
	t.order_plan('po-9', 'pro', 'monthly', 'o2'), t.consume('po-9', 120),
	t.stop('2027-03-20');
select is(t.refund_plan('po-9', 'o2'), '{"taken": -130, "shortfall": 20}',
	'lite''s hundred was spent first');
select t.order_plan('po-9', 'pro', 'monthly', 'o3');
select is(t.open_grants('po-9'), '{"registration": 50, "membership": 130}',
	'what was not spent comes again');
select t.consume('po-9', 130);
select is(t.refund_plan('po-9', 'o3'), '{"taken": null, "shortfall": 130}',
	'spent again');
select t.order_plan('po-9', 'pro', 'monthly', 'o4');
select is(t.open_grants('po-9'), '{"registration": 50}',
	'nobody gets a second quota so');
select t.stop('2027-04-01');
select is(t.balance('po-9'), 300::bigint, 'the next month gives its own');
select pg_temp.all_well('po-9');
rollback;

-- A month that has given nothing gives when the interrupted one resumes.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-5'),
	t.order_plan('po-5', 'lite', 'monthly', 'o1'), t.stop('2027-03-15'),
	t.order_plan('po-5', 'pro', 'yearly', 'o2'), t.stop('2028-03-05'),
	t.consume('po-5', 1);
select is(t.refund_plan('po-5', 'o2'), '{"taken": -249, "shortfall": 1}',
	'the last portion lives to the end');
select is(t.ledger('po-5', t.version('po-5') - 2),
	'[["clawback", -249], ["membership", 100]]',
	'lite resumes with March''s quota');
select is(t.membership('po-5') ->> 'expires_at', '2028-03-31T12:00:00+00:00',
	'for what was left of it');
select pg_temp.all_well('po-5');
rollback;

-- One that is over.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-6'),
	t.order_plan('po-6', 'lite', 'monthly', 'o1'),
	t.order_plan('po-6', 'lite', 'monthly', 'o2'), t.stop('2027-04-11');
select t.refused($$select t.refund_plan('po-6', 'o1')$$, 'po-6',
	'order_not_refundable', name => 'over');
select is(t.refund_plan('po-6', 'o2'), '{"taken": null, "shortfall": 0}',
	'the next one ran, but the quota is the first one''s');
select is(t.ledger('po-6', 4), '[["expire", -100]]',
	'which lives no longer than the membership');
select pg_temp.all_well('po-6');
rollback;

-- Orders and invoices.
begin;
select t.stop('2027-03-10 12:00'), t.register('po-7'),
	t.order_plan('po-7', 'lite', 'monthly', 'o1', 120);
select is(t.open_grants('po-7') ->> 'membership', '120',
	'what was promised when it was sold');
create temp table renewed as
	select n, t.renew_plan('po-7', 'lite', 'monthly', 'in_1') as id
	from generate_series(1, 3) n;
select is(count(distinct id), 1::bigint, 'once per invoice') from renewed;
select is(jsonb_array_length(t.membership('po-7') -> 'upcoming'), 1,
	'one period');
select t.stop('2027-06-01'), t.renew_plan('po-7', 'lite', 'monthly', 'in_1');
select is(t.membership('po-7') ->> 'status', 'expired', 'also later');
select t.renew_plan('po-7', 'lite', 'monthly', 'in_2');
select is(t.membership('po-7') ->> 'status', 'active',
	'another brings it back');
select is(array_agg(entry order by entry),
	array['payment:in_1 renew_membership', 'payment:in_2 renew_membership',
	'payment:o1 apply_plan_order'], 'each is logged')
	from (select operator || ' ' || operation as entry
		from florin.admin_operation_logs where user_id = 'po-7') l;
select is(t.fault($$select t.order_plan('po-7', 'gold', 'monthly', 'o9')$$)
	->> 'code', 'unknown_plan', 'no such plan');
select pg_temp.all_well('po-7');
select t.whole($$select t.order_plan('po-7', 'pro', 'yearly', 'w')$$, 'po-7',
	9, 'an order');
rollback;
begin;
select t.stop('2027-03-10 12:00'), t.register('po-8'),
	t.order_plan('po-8', 'lite', 'yearly', 'o1'),
	t.order_plan('po-8', 'pro', 'yearly', 'o2');
select t.whole($$select t.refund_plan('po-8', 'o2')$$, 'po-8', 8, 'a refund');
rollback;
select is_empty($$select from florin.users where user_id like 'po-%'$$,
	'nothing of it is left');
select finish();
