-- Settle one user: at most one reset for each month, however often.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('cr-1'),
	t.add_member('cr-1', 'lite', 'yearly'), t.consume('cr-1', 40);
select is(t.reset_member('cr-1') -> 'transaction', 'null', 'nothing is due');
select t.stop('2027-03-31 23:59:59.999999');
select is(t.reset_member('cr-1') -> 'transaction', 'null', 'not before');
select t.stop('2027-04-01');
create temp table answer as select t.reset_member('cr-1') as body;
select is(body #>> '{transaction,kind}', 'reset', 'the reset') from answer;
select is((body #>> '{transaction,amount}')::bigint, 100::bigint, 'in full')
	from answer;
select is((body #>> '{wallet,balance}')::bigint, 150::bigint, 'balance')
	from answer;
select is(t.reset_member('cr-1') -> 'transaction', 'null', 'once');
select t.stop('2027-06-30');
select is(t.reset_member('cr-1') #>> '{transaction,effective_at}',
	'2027-06-01T00:00:00+00:00', 'the last of those that were due');
select is(t.ledger('cr-1', 3), '[["expire", -60], ["reset", 100],
	["expire", -100], ["reset", 100], ["expire", -100], ["reset", 100]]',
	'all of them');
select t.refused($$select t.reset_member('cr-none')$$, 'cr-none',
	'user_not_found');
select is(count(*), 5::bigint, 'each is logged')
	from florin.admin_operation_logs where user_id = 'cr-1'
	and operation = 'check_and_reset_user_credits';
select t.stop('2027-07-01');
select t.whole($$select t.reset_member('cr-1')$$, 'cr-1', 8, 'a reset');
select t.all_well('cr-1');
select finish();
rollback;
