-- florin_api.complete_task: done, with a result.
select no_plan();

select t.register('tr-1'), t.register('tr-2');
select t.task('tr-1', 5, 'tr.a');
create temp table claimed as select t.claim('tr.a') as k;
create function pg_temp.token(n integer) returns text language sql as $$
	select case n when 1 then k ->> 'claim_token' else repeat('0', 32) end
	from claimed
$$;
create function pg_temp.call(op text, token text, argument text default null)
returns text language sql as $$
	select format('select florin_api.%s_task(''service:be'', ''tr-1'', null,'
		' null, %L, %L, %s)', op, k ->> 'id', token, coalesce(argument,
		case op when 'extend' then '60' else '''"x"''' end)) from claimed
$$;

create temp table done as select body::jsonb -> 'task' as k
	from claimed, florin_api.complete_task('service:be', 'tr-1', null, null,
	k ->> 'id', k ->> 'claim_token', '{"url": "x"}');
select is(k - 'id' - 'created_at' - 'finished_at', '{"user_id": "tr-1",
	"kind": "tr.a", "status": "succeeded", "cost": 5,
	"input": {"prompt": "a cat"}, "result": {"url": "x"}, "error": null,
	"transaction_id": 2, "refund_transaction_id": null, "attempts": 1}',
	'done') from done;
select is(body::jsonb -> 'task', d.k, 'the same again: as before')
	from done d, claimed c, florin_api.complete_task('service:be', 'tr-1',
	null, null, c.k ->> 'id', c.k ->> 'claim_token', '{"url": "x"}');
select t.refused(pg_temp.call(op, pg_temp.token(1)), 'tr-1', 'task_closed',
	(select jsonb_build_object('task', k) from done), op || ' after the end')
	from unnest(array['extend', 'complete', 'fail']) op;
select t.refused($$select florin_api.cancel_task('service:be', 'tr-1', null,
	null, null, null, (select k ->> 'id' from done))$$, 'tr-1', 'task_closed',
	(select jsonb_build_object('task', k) from done), 'cancel after the end');
select is(t.balance('tr-1'), 45::bigint, 'what succeeded stays paid');

select t.register('tr-w');
select t.task('tr-w', 2, 'tr.w');
select t.claim('tr.w');
select t.whole($$select t.complete('tr-w')$$, 'tr-w', 1, 'complete_task');
select t.all_well(u) from unnest(array['tr-1', 'tr-2']) u;
select finish();
