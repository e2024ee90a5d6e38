-- florin_admin.adjust_credits: an admin's signed change.
select no_plan();

select t.register('adj-1');
create temp table first as
	select * from florin_admin.adjust_credits('admin:root', 'adj-1', 'k1',
		t.hash('a'), '192.0.2.1', 'curl/7', 25, 'a mistake of ours');
select is(status, 200, '200') from first;
select is((body::jsonb -> 'transaction') - 'created_at' - 'effective_at', '{
	"id": 2, "user_id": "adj-1", "kind": "adjust", "amount": 25,
	"balance_after": 75, "reason": "a mistake of ours", "reference": null,
	"draws": [{"grant_id": 2, "source": "adjust", "amount": 25}],
	"actor": "admin:root"}', 'credits given') from first;
select is(body::jsonb #> '{wallet,total_granted}', '75', 'are granted')
	from first;
select results_eq($$select operator, operation, before, after, reason, ip,
	user_agent, outcome from florin.admin_operation_logs
	where user_id = 'adj-1'$$,
	$$values ('admin:root', 'adjust_credits',
	'{"balance": 50, "held": 0, "frozen": false, "version": 1}'::jsonb,
	'{"balance": 75, "held": 0, "frozen": false, "version": 2}'::jsonb,
	'a mistake of ours', '192.0.2.1', 'curl/7', 'done')$$, 'the log');
select results_eq($$select replayed, body from florin_admin.adjust_credits(
	'admin:root', 'adj-1', 'k1', t.hash('a'), null, null, 25, 'x')$$,
	'select true, body from first', 'a replay');
select is((select count(*) from florin.admin_operation_logs
	where user_id = 'adj-1'), 1::bigint, 'is not logged again');
select t.refused($$select florin_admin.adjust_credits('admin:root', 'adj-1',
	'k1', t.hash('b'), null, null, 26, 'x')$$, 'adj-1',
	'idempotency_key_reused');

select is(t.draws(t.adjust('adj-1', -60) -> 'transaction'),
	'[["registration", 50], ["adjust", 10]]', 'taken in burn order');
select is((select row(balance, total_spent, total_granted)::text
	from florin.wallets where user_id = 'adj-1'), '(15,0,75)',
	'what is taken is not spent');
select t.refused('select t.adjust(''adj-1'', -16)', 'adj-1',
	'insufficient_credits', '{"balance": 15, "required": 16, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}', 'never below 0');
select is(t.adjust('adj-1', -15) #> '{wallet,balance}', '0', 'down to 0');
select is(t.field_fault('select t.adjust(''adj-1'', 0)'),
	'{"field": "amount", "code": "range"}', '0 is no change');
select t.refused('select t.adjust(''adj-none'', 1)', 'adj-none',
	'user_not_found');

select t.adjust('adj-1', 10), t.adjust('adj-1', 20);
select results_eq($$select amount::bigint, remaining::bigint from florin.grants
	where user_id = 'adj-1' and source = 'adjust'$$,
	$$values (55::bigint, 30::bigint)$$, 'adjustments merge');
select t.refused('select t.adjust(''adj-1'', 9007199254740991)', 'adj-1',
	'balance_limit');
update florin.wallets set frozen = true where user_id = 'adj-1';
select is(t.adjust('adj-1', -1) #> '{wallet,frozen}', 'true',
	'an admin may do all with a frozen wallet');
update florin.wallets set frozen = false where user_id = 'adj-1';

select t.register('adj-2');
select is(t.adjust('adj-2', 9007199254740991 - 50) #> '{wallet,balance}',
	'9007199254740991', 'up to the limit');
select is(t.adjust('adj-2', -9007199254740991) #> '{wallet,balance}', '0',
	'and all of it back');
select t.all_well('adj-2');

select t.whole($$select florin_admin.adjust_credits('admin:x', 'adj-1', 'kw',
	t.hash('a'), null, null, 5, 'x')$$, 'adj-1', 5, 'adjust_credits up');
select t.whole($$select florin_admin.adjust_credits('admin:x', 'adj-1', 'kw',
	t.hash('a'), null, null, -5, 'x')$$, 'adj-1', 5, 'adjust_credits down');
select t.all_well('adj-1');
select finish();
