-- florin_api.fail_feature: the charge goes back, once.
select no_plan();

insert into florin.features values
	('ff.x', 'ff.kind', 3, 'http://127.0.0.1:1/x', 20, null);
select t.register('ff-1');
select t.begin_feature('ff-1', 'ff.x', 'k');
select is(t.fault($$select t.fail_feature('ff-1', 'other')$$) ->> 'code',
	'lease_lost', 'only its own worker');
create temp table failed as select t.fail_feature('ff-1') as b;
select is(b #- '{1,extras,transaction,created_at}'
	#- '{1,extras,transaction,effective_at}' #- '{1,stored}',
	'[502, {"balance": 50, "extras": {"refunded": true,
	"transaction": {"id": 3, "user_id": "ff-1",
	"kind": "refund", "amount": 3, "balance_after": 50,
	"reason": "task failed", "reference": {"type": "transaction", "id": "2"},
	"draws": [{"grant_id": 1, "source": "registration", "amount": 3}],
	"actor": "system"}}}]', 'refunded') from failed;
select is(t.fail_feature('ff-1'), b, 'again, in doubt: the same')
	from failed;
select is(t.begin_feature('ff-1', 'ff.x', 'k') #- '{1,balance}',
	b #- '{1,balance}', 'the key again: the same') from failed;
select is(convert_from(decode(b #>> '{1,stored,body}', 'hex'), 'UTF8')::jsonb,
	b #> '{1,extras}' || '{"code": "upstream_failed"}',
	'the problem is kept whole') from failed;
select is(b #- '{1,stored,body}' #> '{1,stored}', '{"status": 502,
	"content_type": "application/problem+json"}', 'as what it is')
	from failed;
select is(error, '"timed out"', 'the task says why') from florin.tasks
	where user_id = 'ff-1';
select is(t.complete_feature('ff-1') -> 0, '502', 'it cannot succeed then');

-- The site has cancelled it meanwhile.
select t.begin_feature('ff-1', 'ff.x', 'k2');
select t.cancel_task('ff-1', 'service:be');
select is(t.fail_feature('ff-1') #> '{1,extras,transaction,id}', '5',
	'what was refunded is told');
select is(t.balance('ff-1'), 50::bigint, 'and nothing twice');

select t.register('ff-w');
select t.begin_feature('ff-w', 'ff.x', 'k');
select t.whole($$select t.fail_feature('ff-w')$$, 'ff-w', 4, 'fail_feature');
select t.all_well(u) from unnest(array['ff-1', 'ff-w']) u;
select finish();
