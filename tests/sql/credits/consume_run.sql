-- florin_api.consume_run: what florin_api.consume_credits does, for many.
select no_plan();

-- The parameters of consume_credits, as the program sends them.
create function pg_temp.item(uid text, amount bigint, key text,
	caller text default 'user', reason text default 'bench',
	type text default null, id text default null)
returns jsonb language sql as $$
	select jsonb_build_object('user_id', uid, 'caller', caller,
		'idempotency_key', key,
		'request_hash', t.hash(key || amount), 'amount', amount::text,
		'reason', reason, 'reference_type', type, 'reference_id', id)
$$;
create function pg_temp.one_by_one(calls jsonb)
returns setof florin.answer language sql as $$
	select a.* from jsonb_to_recordset(calls) as c (user_id text, caller text,
		idempotency_key text, request_hash bytea, amount bigint, reason text,
		reference_type text, reference_id text),
	florin_api.consume_credits(c.caller, c.user_id, c.idempotency_key,
		c.request_hash, null, null, c.amount, c.reason, c.reference_type,
		c.reference_id) a
$$;
-- The same calls of another user, and in a row of those that were done.
create function pg_temp.of_user(calls jsonb, uid text) returns jsonb
language sql as $$
	select jsonb_agg(c || jsonb_build_object('user_id', uid) order by place)
	from jsonb_array_elements(calls) with ordinality as e (c, place)
$$;
create function pg_temp.run(calls jsonb) returns jsonb language sql as $$
	select jsonb_agg(a.status) from florin_api.consume_run('user', calls) a
$$;
-- A wallet of 50 registered, and grants that end at different times.
create function pg_temp.prepare(uid text) returns void language sql as $$
	select t.register(uid);
	select t.give(uid, 7, expires_at => t.now() + '2 d');
	select t.give(uid, 3, priority => 0);
	select t.give(uid, 40, expires_at => t.now() + '1 d');
$$;
-- All of a user but its name, its times and what is made of them.
create function pg_temp.traces(uid text) returns jsonb language sql as $$
	select jsonb_build_object(
		'ledger', (select jsonb_agg(to_jsonb(l) - array['user_id', 'hash',
			'prev_hash', 'created_at', 'effective_at'] order by l.seq)
			from florin.credit_transactions l where l.user_id = uid),
		'grants', (select jsonb_agg(to_jsonb(g) - array['user_id',
			'effective_at', 'expires_at'] order by g.id)
			from florin.grants g where g.user_id = uid),
		'keys', (select jsonb_agg(to_jsonb(k) - array['user_id', 'body',
			'created_at'] order by k.caller, k.key)
			from florin.idempotency_keys k where k.user_id = uid),
		'wallet', (select to_jsonb(w) - array['user_id', 'updated_at',
			'last_effective_at', 'next_due_at', 'head_hash']
			from florin.wallets w where w.user_id = uid))
$$;
create function pg_temp.shown(a florin.answer) returns jsonb
language sql as $$
	select jsonb_build_object('status', a.status, 'replayed', a.replayed,
		'revision', a.revision,
		'transaction', (a.body::jsonb -> 'transaction') - array['user_id',
			'created_at', 'effective_at'],
		'wallet', (a.body::jsonb -> 'wallet')
			- array['user_id', 'updated_at'])
$$;

-- The same rows, grants, keys, wallet and answers as one by one.
select pg_temp.prepare('cr-1'), pg_temp.prepare('cr-2');
create temp table calls as select jsonb_build_array(
	pg_temp.item('cr-1', 2, 'a'), pg_temp.item('cr-1', 1, 'b'),
	pg_temp.item('cr-1', 41, 'c'), pg_temp.item('cr-1', 1, 'a', 'service:s',
		E'für "1" Bild \\ \u2713', 'image', '7'),
	pg_temp.item('cr-1', 10, 'd'), pg_temp.item('cr-1', 44, 'e'),
	pg_temp.item('cr-1', 1, 'f')) as c;
create temp table together as
	select a, row_number() over () as place
	from calls, florin_api.consume_run('user', c) a;
create temp table alone as
	select a, row_number() over () as place
	from calls, pg_temp.one_by_one(pg_temp.of_user(c, 'cr-2')) a;
select is(pg_temp.shown(x.a), pg_temp.shown(y.a), 'answer ' || x.place)
	from together x join alone y using (place);
select is((select count(*) from together), 7::bigint, 'one each');
select is(pg_temp.traces('cr-1'), pg_temp.traces('cr-2'), 'the same is left');
select is(t.balance('cr-1'), 0::bigint, 'all is gone');
select is(t.version('cr-1'), 11::bigint, 'a row each');
select t.all_well('cr-1');
select results_eq($$select status, body, replayed
	from calls, pg_temp.one_by_one(c)$$,
	$$select (a).status, (a).body, true from together order by place$$,
	'each key replays its answer');

-- By chance: what is asked of three users, mixed, until too little is left of
-- each; what a run leaves out is asked one by one, as the program does.
create function pg_temp.by_chance(prefix text, together boolean, seed float8)
returns void language plpgsql as $$
declare
	calls jsonb;
	undone jsonb;
	c jsonb;
begin
	perform setseed(seed);
	perform pg_temp.prepare(prefix || n) from generate_series(1, 3) n;
	for round in 1..12 loop
		select jsonb_agg(pg_temp.item(
			prefix || (1 + (random() * 2)::integer),
			1 + (random() * 12)::integer,
			round || '-' || (random() * 9)::integer || '-' || n))
			into calls
			from generate_series(1, 1 + (random() * 9)::integer) n;
		undone := calls;
		if together then
			select jsonb_agg(e.call order by e.place)
				filter (where e.status is null) into undone
				from rows from (jsonb_array_elements(calls),
					florin_api.consume_run('user', calls)) with ordinality
					as e (call, status, body, replayed, revision, place);
		end if;
		for c in select * from jsonb_array_elements(undone) loop
			perform t.fault(format('select pg_temp.one_by_one(%L)',
				jsonb_build_array(c)));
		end loop;
	end loop;
end
$$;
select pg_temp.by_chance('cr-t' || n || '-', true, n / 20.0),
	pg_temp.by_chance('cr-a' || n || '-', false, n / 20.0)
	from generate_series(1, 12) n;
select is(pg_temp.traces(format('cr-t%s-%s', n, m)),
	pg_temp.traces(format('cr-a%s-%s', n, m)), format('life %s of %s', n, m))
	from generate_series(1, 12) n, generate_series(1, 3) m;
select ok((select count(*) from florin.credit_transactions
	where user_id like 'cr-t%' and kind = 'consume') > 200, 'many rows');
select t.all_well(format('cr-t%s-%s', n, m))
	from generate_series(1, 12) n, generate_series(1, 3) m;

-- What is not simply done is left out, with all that its user asks after it;
-- what others ask is done.
select t.register('cr-3'), t.register('cr-4'), t.register('cr-5');
select t.consume('cr-3', 1, 'used');
create function pg_temp.left_out(call jsonb, name text) returns text
language plpgsql as $$
declare
	before constant jsonb := pg_temp.traces('cr-3');
	balance constant bigint := t.balance('cr-4');
begin
	return is(pg_temp.run(jsonb_build_array(
			call, pg_temp.item('cr-4', 1, name || '1'),
			pg_temp.item('cr-3', 1, name || '2'))),
			'[null, 200, null]', name) || E'\n'
		|| is(pg_temp.traces('cr-3'), before, name || ': nothing is left')
		|| E'\n' || is(t.balance('cr-4'), balance - 1, name || ': of others');
end
$$;
select pg_temp.left_out(pg_temp.item('cr-3', 50, 'c'), 'too much');
select pg_temp.left_out(pg_temp.item('cr-3', 1, 'used'), 'a used key');
select pg_temp.left_out(pg_temp.item('cr-3', 1, 'c', 'admin:root'),
	'an admin, who is logged');
select pg_temp.left_out(pg_temp.item('cr-3', 1, 'c', type => 'hold',
	id => '1'), 'the system''s own reference');
select pg_temp.left_out(pg_temp.item('cr-3', 1, 'c', type => 'x'),
	'half a reference');
update florin.wallets set frozen = true where user_id = 'cr-3';
select pg_temp.left_out(pg_temp.item('cr-3', 1, 'c'), 'a frozen wallet');
update florin.wallets set frozen = false where user_id = 'cr-3';
select is(pg_temp.run(jsonb_build_array(pg_temp.item('cr-nobody', 1, 'c'),
	pg_temp.item('cr-4', 1, 'n'))), '[null, 200]', 'nobody');
select is(pg_temp.run(jsonb_build_array(pg_temp.item('cr-3', 1, 'd'),
	pg_temp.item('cr-3', 1, 'd'), pg_temp.item('cr-3', 1, 'e'))),
	'[200, null, null]', 'a key twice');
select is(pg_temp.run(jsonb_build_array(pg_temp.item('cr-3', 1, 'f'),
	pg_temp.item('cr-3', 1, 'f', 'service:s'))), '[200, 200]',
	'of two callers it is not the same key');
select is(pg_temp.run(jsonb_build_array(pg_temp.item('cr-3', 40, 'g'),
	pg_temp.item('cr-3', 40, 'h'), pg_temp.item('cr-3', 1, 'i'))),
	'[200, null, null]', 'too much together');
select is(pg_temp.run('[]'), null, 'of nothing nothing');
select t.give('cr-3', 30, expires_at => t.now() + '1 h');
select t.sleep('2 h');
select pg_temp.left_out(pg_temp.item('cr-3', 1, 'j'), 'something is due');
select t.all_well('cr-3');
select t.all_well('cr-4');

-- A wallet that is busy is left out where one call asks of it, waited for (not
-- long) where several do.
select tap.dblink_connect('other', format('dbname=%s host=%s user=%s',
	current_database(), current_setting('unix_socket_directories'),
	current_user));
select tap.dblink_exec('other', 'begin');
select * from tap.dblink('other', 'select user_id from florin.wallets
	where user_id = ''cr-5'' for update') as x (locked text);
select is(pg_temp.run(jsonb_build_array(pg_temp.item('cr-5', 1, 'a'),
	pg_temp.item('cr-4', 1, 'busy'))), '[null, 200]', 'a busy wallet');
select is(t.fault($$select pg_temp.run(jsonb_build_array(
	pg_temp.item('cr-5', 1, 'a'), pg_temp.item('cr-5', 1, 'b')))$$)
	->> 'state', '55P03', 'that many ask for');
select tap.dblink_exec('other', 'rollback');
select is(pg_temp.run(jsonb_build_array(pg_temp.item('cr-5', 1, 'a'),
	pg_temp.item('cr-5', 1, 'b'))), '[200, 200]', 'and when it is free');
select tap.dblink_disconnect('other');

-- Whatever the planner takes the tables for, they are not read whole: neither
-- now nor for as long as the plan is kept.
begin;
select t.register('cr-p' || n) from generate_series(1, 500) n;
set local enable_seqscan = off;
set local plan_cache_mode = force_generic_plan;
create function pg_temp.reads() returns table (relname name, n bigint)
language sql as $$
	select s.relname, s.idx_tup_fetch + s.seq_tup_read
	from pg_stat_xact_user_tables s
	where s.relname in ('wallets', 'grants', 'idempotency_keys')
$$;
create function pg_temp.frugal(rows real, pages integer) returns text
language plpgsql as $$
declare
	key constant text := rows || '-' || pages;
	most bigint;
begin
	update pg_class set reltuples = rows, relpages = pages where oid = any(
		'{florin.wallets, florin.grants, florin.idempotency_keys}'
		::regclass[]);
	discard plans;
	create temp table before_run on commit drop as
		select * from pg_temp.reads();
	perform pg_temp.run(jsonb_build_array(pg_temp.item('cr-p7', 1, key),
		pg_temp.item('cr-p9', 1, key), pg_temp.item('cr-p9', 1, key || 'b')));
	select max(r.n - b.n) into most
		from pg_temp.reads() r join before_run b using (relname);
	drop table before_run;
	return cmp_ok(most, '<', 20::bigint,
		format('%s rows in %s pages: reads only its own', rows, pages));
end
$$;
select pg_temp.frugal(r, p) from (values (-1, 0), (0, 0), (1, 1), (1, 100),
	(500, 10), (1e6, 10000)) as x (r, p);
select is(t.balance('cr-p9'), 38::bigint, 'each did it');
rollback;

-- At the limit.
select t.register('cr-6');
select t.give('cr-6', 9007199254740991 - 50);
select is(pg_temp.run(jsonb_build_array(
	pg_temp.item('cr-6', 9007199254740990, 'a'),
	pg_temp.item('cr-6', 1, 'b'))), '[200, 200]', 'all of 2^53 - 1');
select t.all_well('cr-6');

select t.whole(format('select florin_api.consume_run(''user'', %L)',
	jsonb_build_array(pg_temp.item('cr-5', 4, 'x'),
	pg_temp.item('cr-5', 4, 'y'))), 'cr-5', 4, 'consume_run');
select t.all_well('cr-5');
select finish();
