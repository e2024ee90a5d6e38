-- florin_api.complete_feature: the charge stays, the answer is kept.
select no_plan();

insert into florin.features values
	('fc.x', 'fc.kind', 3, 'http://127.0.0.1:1/x', 20, null);
select t.register('fc-1');
select t.begin_feature('fc-1', 'fc.x', 'k');
select is(t.fault($$select t.complete_feature('fc-1', 'other')$$) ->> 'code',
	'lease_lost', 'only its own worker');
select is(t.complete_feature('fc-1'), '[200, {"balance": 47}]', 'done');
select is(t.complete_feature('fc-1'), '[200, {"balance": 47}]',
	'again, in doubt: the same');
select results_eq($$select status, content_type, body
	from florin.feature_answers where user_id = 'fc-1'$$,
	$$values (201, 'x/y', '\x00ff'::bytea)$$, 'the answer is kept, once');
select is(body::jsonb ->> 'status', 'succeeded', 'the task succeeded')
	from florin_api.get_task('user', 'fc-1', t.task_id('fc-1'));
select is(t.ledger('fc-1', 1), '[["consume", -3]]', 'the charge stays');

-- Too late: what was refunded meanwhile is told.
select t.begin_feature('fc-1', 'fc.x', 'k2');
select t.sleep('50 s');
create temp table late as select t.complete_feature('fc-1') as b;
select is(b #> '{1,extras,transaction,amount}', '3', 'too late: the refund')
	from late;
select is(b -> 0, '502', 'as 502') from late;
select is(t.ledger('fc-1', 2), '[["consume", -3], ["refund", 3]]', 'once');
select is((select count(*) from florin.feature_answers
	where user_id = 'fc-1'), 1::bigint, 'and no answer is kept');

select t.register('fc-w');
select t.begin_feature('fc-w', 'fc.x', 'k');
select t.whole($$select t.complete_feature('fc-w')$$, 'fc-w', 2,
	'complete_feature');
select t.all_well(u) from unnest(array['fc-1', 'fc-w']) u;
select finish();
