-- No more renewals; what is paid still runs.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('mcc-1');
select t.refused($$select t.cancel_member('mcc-1')$$, 'mcc-1', 'not_found');
select t.refused($$select t.cancel_member('mcc-none')$$, 'mcc-none',
	'user_not_found');
select t.add_member('mcc-1', 'lite'), t.add_member('mcc-1', 'lite');
create temp table seen as select t.membership('mcc-1') as before;
select is(t.cancel_member('mcc-1'),
	before - 'balance' || '{"status": "cancelling"}', 'only the status changes')
	from seen;
create temp table picture as select t.picture('mcc-1') as before;
select t.cancel_member('mcc-1');
select is(t.picture('mcc-1'), before, 'again: nothing') from picture;

-- Invoices that come all the same are paid time; an order is a new wish.
select t.renew_plan('mcc-1', 'lite', 'monthly', 'in_1');
select is(t.membership('mcc-1') ->> 'status', 'cancelling', 'an invoice');
select t.order_plan('mcc-1', 'lite', 'monthly', 'o1');
select is(t.membership('mcc-1') ->> 'status', 'active', 'a new order');
select t.cancel_member('mcc-1');
select is(t.add_member('mcc-1', 'lite') ->> 'status', 'active', 'a gift');
select t.cancel_member('mcc-1', 'admin:root');
select t.stop('2027-08-10 12:00');
select is(t.membership('mcc-1') ->> 'status', 'expired', 'it runs out');
select t.refused($$select t.cancel_member('mcc-1')$$, 'mcc-1', 'not_found',
	name => 'what is over cannot be cancelled');
select is(array_agg(operator order by operator), array['admin:root',
	'system', 'system'], 'who wished it')
	from florin.admin_operation_logs
	where user_id = 'mcc-1' and operation = 'cancel_membership';
select t.add_member('mcc-1', 'lite');
select t.whole($$select t.cancel_member('mcc-1')$$, 'mcc-1', 3, 'a cancel');
select t.all_well('mcc-1');
select finish();
rollback;
