-- florin_api.fail_task: what it cost comes back, once.
select no_plan();

select t.register('tz-1'), t.register('tz-2');
select t.task('tz-1', 5, 'tz.a');
create temp table claimed as select t.claim('tz.a') as k;

-- Fail: what it cost comes back, once.
create temp table failed as select t.fail_task('tz-1') as k;
select is(k - 'id' - 'created_at' - 'finished_at', '{"user_id": "tz-1",
	"kind": "tz.a", "status": "failed", "cost": 5,
	"input": {"prompt": "a cat"}, "result": null, "error": "no luck",
	"transaction_id": 2, "refund_transaction_id": 3, "attempts": 1}',
	'failed') from failed;
select is(t.fail_task('tz-1'), k, 'the same again: as before') from failed;
select results_eq($$select kind, amount, reason, reference_type,
	reference_id, actor from florin.credit_transactions
	where user_id = 'tz-1' and seq > 2$$, $$values ('refund', 5::bigint,
	'task failed', 'transaction', '2', 'service:be')$$, 'one refund');
select is(total_spent::bigint, 0::bigint, 'nothing was spent')
	from florin.wallets where user_id = 'tz-1';
select is(t.fault($$select t.complete('tz-1')$$) ->> 'code', 'task_closed',
	'not both');

-- A refund that a service made before counts.
select t.task('tz-1', 5, 'tz.r');
select t.refund('tz-1', 4, 2);
select t.claim('tz.r');
select is(t.fail_task('tz-1') -> 'refund_transaction_id', '6', 'the rest');
select t.task('tz-1', 5, 'tz.r');
select t.refund('tz-1', 7);
select t.claim('tz.r');
select is(t.fail_task('tz-1') -> 'refund_transaction_id', 'null',
	'nothing is left: no row');
select is(t.balance('tz-1'), 50::bigint, 'all is back, nothing twice');

select t.register('tz-w');
select t.task('tz-w', 2, 'tz.w');
select t.claim('tz.w');
select t.whole($$select t.fail_task('tz-w')$$, 'tz-w', 4, 'fail_task');
select t.all_well(u) from unnest(array['tz-1', 'tz-2']) u;
select finish();
