-- Two sessions at one wallet: what happened during the wait counts.
select no_plan();
select t.register('lw-1'), t.register('lw-2'), t.register('lw-3');

select dblink_connect(name, format(
	'dbname=%s options=''-csearch_path=t,tap,pg_catalog''',
	current_database())) from unnest(array['holder', 'asker', 'asker2']) name;

-- Wait until so many sessions wait for a lock.
create procedure pg_temp.wait_for_waiters(waiters integer)
language plpgsql as $$
begin
	for i in 1..500 loop
		exit when (select count(*) >= waiters from pg_stat_activity
			where wait_event_type = 'Lock'
				and datname = current_database());
		perform pg_sleep(0.01);
		commit;
	end loop;
end
$$;

-- A grant that expires while its spender waits is not spent.
select t.give('lw-1', 100, expires_at => t.now() + '0.7 s');
select dblink_exec('holder', 'begin');
select * from dblink('holder', $$select balance from florin.wallets
	where user_id = 'lw-1' for update$$) as x (balance bigint);
select dblink_send_query('asker',
	$$select t.fault('select t.consume(''lw-1'', 150)')$$);
call pg_temp.wait_for_waiters(1);
select ok(t.now() < expires_at, 'the asker asked in time') from florin.grants
	where user_id = 'lw-1' and source = 'bonus';
select pg_sleep(0.75);
select dblink_exec('holder', 'commit');
select is((fault -> 'code') || (fault -> 'extras'),
	'["insufficient_credits", {"balance": 50, "required": 150,
	"shortfall": 100, "suggestions": [{"kind": "upgrade", "plan": "lite"}]}]',
	'credits that expired during the wait are not spent')
	from dblink_get_result('asker') as x (fault jsonb);
select * from dblink_get_result('asker') as x (fault jsonb);
select is(t.balance('lw-1'), 50::bigint, 'they are gone');

-- What another spent during the wait is not spent again.
select dblink_exec('holder', 'begin');
select * from dblink('holder', $$select t.consume('lw-2', 30)$$)
	as x (answer jsonb);
select dblink_send_query('asker',
	$$select t.fault('select t.consume(''lw-2'', 30)')$$);
call pg_temp.wait_for_waiters(1);
select dblink_exec('holder', 'commit');
select is(fault #> '{extras,balance}', '20', 'the second sees the first')
	from dblink_get_result('asker') as x (fault jsonb);
select * from dblink_get_result('asker') as x (fault jsonb);

-- Two with one key: the second replays.
select dblink_exec('holder', 'begin');
create temp table first as select answer from dblink('holder',
	$$select t.consume('lw-3', 10, 'k')$$) as x (answer jsonb);
select dblink_send_query('asker', $$select body::jsonb, replayed
	from florin_api.consume_credits('user', 'lw-3', 'k', t.hash('10'), null,
		null, 10, 'a reason', null, null)$$);
select dblink_send_query('asker2',
	$$select t.fault('select t.consume(''lw-3'', 11, ''k'')') ->> 'code'$$);
call pg_temp.wait_for_waiters(2);
select dblink_exec('holder', 'commit');
select is(x.answer, first.answer, 'two at once with one key: one answer')
	from first, dblink_get_result('asker') as x (answer jsonb, replayed boolean)
	where replayed;
select is(code, 'idempotency_key_reused', 'another request with it is refused')
	from dblink_get_result('asker2') as x (code text);
select * from dblink_get_result('asker') as x (answer jsonb, replayed boolean);
select * from dblink_get_result('asker2') as x (code text);
select is(t.version('lw-3'), 2::bigint, 'one row');

-- One that gives up leaves the key to the next.
select dblink_exec('holder', 'begin');
select * from dblink('holder', $$select t.consume('lw-3', 10, 'k2')$$)
	as x (answer jsonb);
select dblink_send_query('asker', $$select t.consume('lw-3', 11, 'k2')$$);
call pg_temp.wait_for_waiters(1);
select dblink_exec('holder', 'rollback');
select is(answer #> '{transaction,amount}', '-11',
	'a key of a call that was undone is free')
	from dblink_get_result('asker') as x (answer jsonb);
select * from dblink_get_result('asker') as x (answer jsonb);

-- Two register one user.
select dblink_exec('holder', 'begin');
select * from dblink('holder', $$select t.register('lw-4')$$)
	as x (answer jsonb);
select dblink_send_query('asker', $$select status, body::jsonb
	from florin_api.register_user('user', 'lw-4', null, null, null, null,
		null, null)$$);
call pg_temp.wait_for_waiters(1);
select dblink_exec('holder', 'commit');
select is(row(status, answer -> 'transaction')::text, '(200,null)',
	'the second to register gets nothing')
	from dblink_get_result('asker') as x (status integer, answer jsonb);
select * from dblink_get_result('asker') as x (status integer, answer jsonb);
select is(t.ledger('lw-4'), '[["registration", 50]]', 'one first credit');

select dblink_disconnect(name)
	from unnest(array['holder', 'asker', 'asker2']) name;
select t.all_well('lw-' || n) from generate_series(1, 4) n;
select finish();
