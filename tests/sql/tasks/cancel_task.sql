-- florin_api.cancel_task: by its user while it waits, by the site later.
select no_plan();

select t.register('tx-1');
select t.task('tx-1', 10, 'tx.image');
create temp table cancelled as select t.cancel_task('tx-1') as k;
select is(k - 'id' - 'created_at' - 'finished_at', '{"user_id": "tx-1",
	"kind": "tx.image", "status": "cancelled", "cost": 10,
	"input": {"prompt": "a cat"}, "result": null, "error": null,
	"transaction_id": 2, "refund_transaction_id": 3, "attempts": 0}',
	'a queued task is cancelled') from cancelled;
select is(t.ledger('tx-1', 1), '[["consume", -10], ["refund", 10]]',
	'and refunded');
select t.refused($$select t.cancel_task('tx-1')$$, 'tx-1', 'task_closed',
	(select jsonb_build_object('task', k) from cancelled), 'once');
select is(t.claim('tx.image'), null, 'nobody works on it');
select is(t.fault($$select t.complete('tx-1', 'x')$$) ->> 'code',
	'task_closed', 'nor says that it did');

-- While somebody works on it only the site cancels.
select t.task('tx-1', 4, 'tx');
create temp table claimed as select t.claim('tx') as k;
select is(t.fault($$select t.cancel_task('tx-1')$$) #>> '{code}',
	'task_closed', 'a user cancels only while queued');
select is(t.cancel_task('tx-1', 'service:be') ->> 'status', 'cancelled',
	'the site cancels a running one');
select is(t.fault(format($$select t.complete('tx-1', %L)$$,
	k ->> 'claim_token')) ->> 'code', 'task_closed', 'its worker is told so')
	from claimed;
select is(t.balance('tx-1'), 50::bigint, 'refunded once');

select t.task('tx-1', 0, 'free');
select is(t.cancel_task('tx-1') -> 'refund_transaction_id', 'null',
	'what cost nothing returns nothing');
select florin_api.cancel_task('admin:root', 'tx-1', null, null, 'ip', 'ua',
	t.task('tx-1', 1, 'tx') #>> '{task,id}');
select results_eq($$select operation, after -> 'balance'
	from florin.admin_operation_logs where user_id = 'tx-1'$$,
	$$values ('cancel_task', '50'::jsonb)$$, 'an admin leaves a trace');
select t.refused($$select florin_api.cancel_task('user', 'tx-1', null, null,
	null, null, repeat('0', 26))$$, 'tx-1', 'not_found');
select t.register('tx-2');
select t.refused(format($$select florin_api.cancel_task('user', 'tx-2', null,
	null, null, null, %L)$$, k ->> 'id'), 'tx-2', 'not_found', '{}',
	'another''s task is none') from cancelled;

select t.register('tx-w');
select t.task('tx-w', 2, 'tx');
select t.whole($$select florin_api.cancel_task('admin:x', 'tx-w', 'k',
	t.hash('a'), 'ip', 'ua', t.task_id('tx-w'))$$, 'tx-w', 6, 'cancel_task');
select t.all_well(u) from unnest(array['tx-1', 'tx-2', 'tx-w']) u;
select finish();
