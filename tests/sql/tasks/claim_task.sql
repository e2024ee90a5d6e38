-- florin_api.claim_task, and leases that end.
select no_plan();

select t.register('tc-1'), t.register('tc-2');
select t.task('tc-1', 5, 'tc.a');
select t.sleep('1 s');
select t.task('tc-2', 5, 'tc.a');
select t.sleep('1 s');
select t.task('tc-1', 5, 'tc.b');

-- The oldest of the kinds, whosever it is.
create temp table claimed as select t.claim('tc.a') as k, t.now() as at;
select is((k - 'id' - 'created_at' - 'claim_token' - 'lease_expires_at'),
	'{"user_id": "tc-1", "kind": "tc.a", "status": "running", "cost": 5,
	"input": {"prompt": "a cat"}, "result": null, "error": null,
	"transaction_id": 2, "refund_transaction_id": null, "attempts": 1,
	"finished_at": null}', 'the oldest of a kind') from claimed;
select is(date_trunc('minute', (k ->> 'lease_expires_at')::timestamptz - at
	+ '1 s'), '1 min'::interval, 'for so many seconds') from claimed;
select is(worker, 'worker 1', 'by this worker') from florin.tasks, claimed
	where user_id = 'tc-1' and id = k ->> 'id';
select is(t.claim('tc.a') ->> 'user_id', 'tc-2', 'the next is another''s');
select is(t.claim('tc.a'), null, 'no more: null');
select is(t.claim('none'), null, 'an unknown kind: null');
select is(body::jsonb #>> '{task,kind}', 'tc.b', 'of several kinds')
	from florin_api.claim_task('service:be', array['none', 'tc.b', 'tc.a'],
	'w', null);
select is(date_trunc('second', lease_expires_at - t.now() + '1 s'), '10 min',
	'without a length: the setting''s') from florin.tasks
	where kind = 'tc.b';

-- The lease's end, to the microsecond.
select t.register('tl-1');
select t.task('tl-1', 4, 'tl');
create temp table lease as select t.claim('tl', 60) as k;
create function pg_temp.at_end(step interval) returns void
language sql as $$
	update florin.wallets set last_effective_at =
		(k ->> 'lease_expires_at')::timestamptz + step
		from lease where user_id = 'tl-1'
$$;
begin;
select pg_temp.at_end('-1 us');
select is(t.complete('tl-1') ->> 'status', 'succeeded',
	'a microsecond before its end a lease holds');
rollback;
begin;
select pg_temp.at_end('0');
select is(t.fault(format($$select t.complete('tl-1', %L)$$,
	k ->> 'claim_token')) #>> '{code}', 'lease_lost', 'from its end on: lost')
	from lease;
rollback;

-- Lost leases: others may try, at last it fails and is refunded.
select t.sleep('60 s');
select is(body::jsonb ->> 'status', 'queued', 'queued again')
	from florin_api.get_task('user', 'tl-1', t.task_id('tl-1'));
create temp table lease2 as select t.claim('tl', 60) as k;
select is(k ->> 'attempts', '2', 'a second try') from lease2;
select isnt(a.k ->> 'claim_token', b.k ->> 'claim_token', 'by another claim')
	from lease a, lease2 b;
select is(t.fault(format($$select t.fail_task('tl-1', %L)$$,
	k ->> 'claim_token')) ->> 'code', 'lease_lost',
	'the first has nothing to say any more') from lease;
select t.sleep('60 s');
select is(t.claim('tl', 60) ->> 'attempts', '3',
	'a claim finds what nobody has settled');
select t.sleep('60 s');
select is(t.claim('tl', 60), null, 'three are enough');
select is(t.balance('tl-1'), 50::bigint, 'its price is back');
select is(body::jsonb - 'id' - 'created_at' - 'finished_at',
	'{"user_id": "tl-1", "kind": "tl", "status": "failed", "cost": 4,
	"input": {"prompt": "a cat"}, "result": null, "error": "lease_lost",
	"transaction_id": 2, "refund_transaction_id": 3, "attempts": 3}',
	'it failed')
	from florin_api.get_task('user', 'tl-1', t.task_id('tl-1'));
select is(t.fault(format($$select t.complete('tl-1', %L)$$,
	k ->> 'claim_token')) ->> 'code', 'lease_lost', 'late is late')
	from lease2;
select results_eq($$select effective_at = finished_at, actor
	from florin.credit_transactions l join florin.tasks k using (user_id)
	where l.user_id = 'tl-1' and l.seq = 3$$, $$values (true, 'system')$$,
	'refunded when the lease ended');
select t.all_well('tl-1');

-- What comes back at the lease's end still meets the grant that lives then.
begin;
select t.register('tl-2');
select t.consume('tl-2', 50);
select t.set_setting('max_attempts', '1');
select t.give('tl-2', 9, expires_at => t.now() + '1 h');
select t.task('tl-2', 9, 'tl2');
select t.claim('tl2', 1800);
select t.sleep('2 h');
select is(t.balance('tl-2'), 0::bigint, 'late: all in order of time');
select is(t.ledger('tl-2', 4), '[["refund", 9], ["expire", -9]]',
	'back in time, expired in time');
select t.all_well('tl-2');
rollback;
-- Into a grant that has expired, a failed task's credits come back with grace.
begin;
select t.register('tl-3');
select t.consume('tl-3', 50);
select t.give('tl-3', 9, expires_at => t.now() + '1 h');
select t.task('tl-3', 9, 'tl3');
select t.sleep('2 h');
select t.claim('tl3', 60);
select t.fail_task('tl-3');
select is(t.open_grants('tl-3'), '{"refund": 9}', 'failed: with grace');
rollback;
begin;
select t.register('tl-4');
select t.consume('tl-4', 50);
select t.give('tl-4', 9, expires_at => t.now() + '1 h');
select t.task('tl-4', 9, 'tl4');
select t.sleep('2 h');
savepoint before;
select t.cancel_task('tl-4');
select is(t.ledger('tl-4', 4), '[["refund", 9], ["expire", -9]]',
	'a user''s own cancel keeps no quota past its end');
rollback to before;
select t.cancel_task('tl-4', 'service:be');
select is(t.open_grants('tl-4'), '{"refund": 9}', 'the site''s: with grace');
rollback;

-- The job.
begin;
select t.register('tj-1'), t.register('tj-2'), t.register('tj-3');
select t.task(u, 1, 'tj') from unnest(array['tj-1', 'tj-2', 'tj-3']) u;
select t.sleep('1 day');
select count(florin.settle_user(user_id)) from florin.wallets;
select t.claim('tj', 60), t.claim('tj', 60), t.claim('tj', 600);
select t.sleep('60 s');
select set_eq('select florin_jobs.due_wallets(9, 0)',
	array['tj-1', 'tj-2'], 'the job finds leases that have ended');
select ok(florin_jobs.settle_wallet(u), 'and settles them')
	from florin_jobs.due_wallets(9, 0) u;
select is_empty('select florin_jobs.due_wallets(9, 0)', 'and is done');
select is(count(*) filter (where status = 'queued'), 2::bigint, 'two ended')
	from florin.tasks where kind = 'tj';
rollback;

-- A user whose wallet somebody else holds is waited for, last.
select t.register('tb-1'), t.register('tb-2');
select t.task('tb-1', 1, 'tb');
select t.sleep('1 s');
select t.task('tb-2', 1, 'tb');
select dblink_connect('other', format('dbname=%s user=postgres',
	current_database()));
select dblink_exec('other', 'begin');
select * from dblink('other', 'select 1 from florin.wallets
	where user_id = ''tb-1'' for update') as x (n integer);
select is(t.claim('tb') ->> 'user_id', 'tb-2', 'busy users come last');
set lock_timeout = '100ms';
select is(t.claim('tb'), null, 'who stays busy is left out');
reset lock_timeout;
select dblink_exec('other', 'rollback'), dblink_disconnect('other');
select is(t.claim('tb') ->> 'user_id', 'tb-1', 'until it is free');

-- Keys, and failing half-way.
create temp table keyed as select t.task('tc-1', 2, 'tk') as b;
select t.claim('tk');
create temp table kept as select * from florin_api.complete_task('service:be',
	'tc-1', 'key', t.hash('x'), t.task_id('tc-1'), t.claim_token('tc-1',
	t.task_id('tc-1')), '1');
select results_eq($$select status, body, replayed
	from florin_api.complete_task('service:be', 'tc-1', 'key', t.hash('x'),
	t.task_id('tc-1'), 'z', '2')$$, 'select status, body, true from kept',
	'a key replays');
select t.register('tw-1');
select t.task('tw-1', 2, 'tw');
select t.whole($$select florin_api.claim_task('service:be', '{tw}', 'w', 9)$$,
	'tw-1', 2, 'claim_task');
select t.all_well(u) from unnest(array['tc-1', 'tc-2', 'tb-1', 'tw-1']) u;
select finish();
