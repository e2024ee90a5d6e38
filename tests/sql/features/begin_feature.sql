-- florin_api.begin_feature: the charge; the same key again.
select no_plan();

insert into florin.features values
	('fb.x', 'fb.kind', 3, 'http://127.0.0.1:1/x', 20, null),
	('fb.free', 'fb.kind', 0, 'http://127.0.0.1:1/x', 20, null),
	('fb.gold', 'fb.kind', 3, 'http://127.0.0.1:1/x', 20, 'pro');
select t.register('fb-1');
create temp table begun as select t.begin_feature('fb-1', 'fb.x', 'k') as b;
select is(b, jsonb_build_array(201, jsonb_build_object(
	'task_id', t.task_id('fb-1'), 'upstream_url', 'http://127.0.0.1:1/x',
	'timeout_seconds', 20, 'balance', 47)), 'begun') from begun;
select results_eq($$select kind, feature, status, cost, attempts, max_attempts,
	claim_token, lease_expires_at - created_at, transaction_id
	from florin.tasks where user_id = 'fb-1'$$, $$values ('fb.kind', 'fb.x',
	'running', 3::bigint, 1, 1, 'mine', '50 s'::interval, 2::bigint)$$,
	'a task whose worker is the request');
select is(t.ledger('fb-1', 1), '[["consume", -3]]', 'it is paid');
select is(t.claim('fb.kind'), null, 'nobody else claims it');
select t.refused(format($$select t.begin_feature('fb-1', 'fb.x', 'k', %L)$$,
	token), 'fb-1', 'in_progress', '{}', 'the same key while it runs')
	from (values ('other'), (null)) as x (token);
select is(t.begin_feature('fb-1', 'fb.x', 'k'), b,
	'its own worker, in doubt, goes on') from begun;
select t.refused($$select t.begin_feature('fb-1', 'fb.x', 'k', 'mine',
	'other')$$, 'fb-1', 'idempotency_key_reused');

-- What it came to.
select t.complete_feature('fb-1');
create temp table again as
	select t.begin_feature('fb-1', 'fb.x', 'k', 'new') as b;
select is(b, '[200, {"balance": 47, "stored": {"status": 201,
	"content_type": "x/y", "body": "00ff"}}]', 'the stored answer')
	from again;
update florin.feature_answers set body = null where user_id = 'fb-1';
select is(t.begin_feature('fb-1', 'fb.x', 'k', 'new') #> '{1,task,status}',
	'"succeeded"', 'an answer that is too long: the task');
select t.begin_feature('fb-1', 'fb.x', 'k2');
select t.fail_feature('fb-1');
select is(t.begin_feature('fb-1', 'fb.x', 'k2', 'new')
	#> '{1,extras,transaction,amount}', '3', 'a failure: the refund');
select is(t.begin_feature('fb-1', 'fb.x', 'k2', 'new') -> 0, '502', 'as 502');

-- Its worker died: the lease settles it.
select t.begin_feature('fb-1', 'fb.x', 'k3');
select is(t.balance('fb-1'), 44::bigint, 'charged');
select t.sleep('50 s');
select is(t.balance('fb-1'), 47::bigint, 'and refunded when the lease ends');
select is(t.begin_feature('fb-1', 'fb.x', 'k3') -> 0, '502',
	'even its own worker is too late');

-- Refusals.
select t.refused($$select t.begin_feature('fb-1', 'fb.none', 'r')$$, 'fb-1',
	'unknown_feature');
select t.refused($$select t.begin_feature('fb-n', 'fb.x', 'r')$$, 'fb-n',
	'user_not_found');
select t.refused($$select t.begin_feature('fb-1', 'fb.gold', 'r')$$, 'fb-1',
	'members_only', '{"plans": ["pro", "premium"]}');
begin;
select t.consume('fb-1', 45);
select t.refused($$select t.begin_feature('fb-1', 'fb.x', 'r')$$, 'fb-1',
	'insufficient_credits', '{"balance": 2, "required": 3, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}');
update florin.wallets set frozen = true where user_id = 'fb-1';
select t.refused($$select t.begin_feature('fb-1', 'fb.free', 'r')$$, 'fb-1',
	'wallet_frozen');
rollback;

select is(t.begin_feature('fb-1', 'fb.free', 'f') #> '{1,balance}', '47',
	'what costs nothing');
select is(transaction_id, null, 'writes no row') from florin.tasks
	where user_id = 'fb-1' and feature = 'fb.free';
select t.register('fb-w');
select t.whole($$select florin_api.begin_feature('user', 'fb-w', 'k',
	t.hash('x'), 'fb.x', null, 'b', 'mine')$$, 'fb-w', 6, 'begin_feature');
select t.all_well('fb-1');
select finish();
