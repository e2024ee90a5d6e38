-- florin_admin.get_user_record.
select no_plan();
select t.register('rec-1');
select t.give('rec-1', 5);
select t.hold('rec-1', 7);
select t.adjust('rec-1', 3);
create function pg_temp.record(uid text) returns jsonb
language sql as $$
	select body::jsonb
	from florin_admin.get_user_record('admin:root', uid)
$$;
create temp table shown as select pg_temp.record('rec-1') as r;
select set_eq('select jsonb_object_keys(r) from shown',
	array['actions', 'alerts', 'checkins', 'grants', 'holds', 'membership',
	'operations', 'orders', 'session_records', 'sessions', 'stats',
	'tasks', 'transactions', 'user', 'wallet'], 'everything');
select is(r #> '{wallet,balance}', '51', 'the wallet') from shown;
select is((select array_agg(x -> 'id')
	from jsonb_array_elements(r -> 'transactions') x),
	array['4', '3', '2', '1']::jsonb[], 'the ledger, newest first')
	from shown;
select is(r #> '{holds,0,amount}', '7', 'open holds') from shown;
select is((select sum((g ->> 'remaining')::bigint)
	from jsonb_array_elements(r -> 'grants') g), 51::numeric, 'live grants')
	from shown;
select is(r #> '{operations,0,operation}', '"adjust_credits"',
	'what admins did') from shown;

-- What the user does: the newest, and no more.
select is(jsonb_build_array(r -> 'orders', r -> 'tasks', r -> 'sessions',
	r -> 'session_records', r -> 'checkins', r -> 'actions'),
	'[[], [], [], [], [], []]', 'it did nothing yet') from shown;
select t.package('rec', 10, 100);
create temp table made as
	select n, t.order('rec-1', 'rec') as o, t.task('rec-1', 0) #>> '{task,id}'
		as k, t.start_session('rec-1', n::text) #>> '{session,id}' as s,
		t.act('rec-1') #>> '{action,id}' as a
	from generate_series(1, 22) n;
select t.end_session('rec-1', s) from made where n > 1;
select florin_api.check_in('user', 'rec-1', null, null, null, null);
create temp table full_record as select pg_temp.record('rec-1') as r;
create function pg_temp.ids(part text) returns text[] language sql as $$
	select array_agg(x ->> 'id' order by place)
	from full_record,
		jsonb_array_elements(r -> part) with ordinality e (x, place)
$$;
select is(pg_temp.ids('orders'), array(select o from made
	order by o desc limit 20), 'orders, newest first');
select is(pg_temp.ids('tasks'), array(select k from made
	order by k desc limit 20), 'tasks');
select is(pg_temp.ids('sessions'), array(select s from made where n = 1),
	'sessions that are open');
select is(pg_temp.ids('session_records'), array(select s from made
	where n > 1 order by s desc limit 20), 'and those that are over');
select is(pg_temp.ids('actions'), array(select a from made
	order by a desc limit 20), 'actions');
select is(r #> '{checkins,0,streak}', '1', 'check-ins') from full_record;
select is(r -> 'alerts', '[]', 'no alert') from full_record;
select florin.raise_alert('security', 'd', 'warning', 'rec-1', n::text,
	'x') from generate_series(1, 21) n;
select is(jsonb_array_length(pg_temp.record('rec-1') -> 'alerts'), 20,
	'alerts');
select is(r #> '{orders,0,status}', '"pending"', 'an order') from full_record;
select t.sleep('1 d');
select is(pg_temp.record('rec-1') #> '{orders,0,status}', '"expired"',
	'as it stands now');
select t.refused($$select pg_temp.record('rec-none')$$, 'rec-none',
	'user_not_found');
delete from florin.credit_packages where package_id = 'rec';
select t.all_well('rec-1');
select finish();
