-- florin_api.consume_run: what florin_api.consume_credits does, for many.
select no_plan();

-- The parameters of consume_credits, as the program sends them.
create function pg_temp.item(amount bigint, key text,
	caller text default 'user', reason text default 'bench',
	type text default null, id text default null)
returns jsonb language sql as $$
	select jsonb_build_object('caller', caller, 'idempotency_key', key,
		'request_hash', t.hash(key || amount), 'amount', amount::text,
		'reason', reason, 'reference_type', type, 'reference_id', id)
$$;
create function pg_temp.one_by_one(uid text, calls jsonb)
returns setof florin.answer language sql as $$
	select a.* from jsonb_to_recordset(calls) as c (caller text,
		idempotency_key text, request_hash bytea, amount bigint, reason text,
		reference_type text, reference_id text),
	florin_api.consume_credits(c.caller, uid, c.idempotency_key,
		c.request_hash, null, null, c.amount, c.reason, c.reference_type,
		c.reference_id) a
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
	pg_temp.item(2, 'a'), pg_temp.item(1, 'b'), pg_temp.item(41, 'c'),
	pg_temp.item(1, 'a', 'service:s', E'für "1" Bild \\ \u2713', 'image', '7'),
	pg_temp.item(10, 'd'), pg_temp.item(44, 'e'), pg_temp.item(1, 'f')) as c;
create temp table together as
	select a, row_number() over () as place
	from calls, florin_api.consume_run('user', 'cr-1', c) a;
create temp table alone as
	select a, row_number() over () as place
	from calls, pg_temp.one_by_one('cr-2', c) a;
select is(pg_temp.shown(x.a), pg_temp.shown(y.a), 'answer ' || x.place)
	from together x join alone y using (place);
select is((select count(*) from together), 7::bigint, 'one each');
select is(pg_temp.traces('cr-1'), pg_temp.traces('cr-2'), 'the same is left');
select is(t.balance('cr-1'), 0::bigint, 'all is gone');
select is(t.version('cr-1'), 11::bigint, 'a row each');
select t.all_well('cr-1');
select results_eq($$select status, body, replayed
	from calls, pg_temp.one_by_one('cr-1', c)$$,
	$$select (a).status, (a).body, true from together order by place$$,
	'each key replays its answer');

-- By chance: runs and single calls, some of which are refused.
create function pg_temp.by_chance(uid text, together boolean, seed float8)
returns void language plpgsql as $$
declare
	calls jsonb;
begin
	perform setseed(seed), pg_temp.prepare(uid);
	for round in 1..12 loop
		select jsonb_agg(pg_temp.item(1 + (random() * 6)::integer,
			round || '-' || (random() * 9)::integer || '-' || n))
			into calls
			from generate_series(1, 1 + (random() * 7)::integer) n;
		begin
			if together then
				perform florin_api.consume_run('user', uid, calls);
			else
				perform pg_temp.one_by_one(uid, calls);
			end if;
		exception when sqlstate 'FL000' or sqlstate 'FL002' then
			null; -- too little is left: all or nothing in both
		end;
	end loop;
end
$$;
select pg_temp.by_chance('cr-t' || n, true, n / 20.0),
	pg_temp.by_chance('cr-a' || n, false, n / 20.0)
	from generate_series(1, 12) n;
select is(pg_temp.traces('cr-t' || n), pg_temp.traces('cr-a' || n),
	'life ' || n) from generate_series(1, 12) n;
select t.all_well('cr-t' || n) from generate_series(1, 12) n;

-- What is due comes first.
select t.register('cr-3');
select t.give('cr-3', 30, expires_at => t.now() + '1 h');
select t.sleep('2 h');
select is((select count(*) from florin_api.consume_run('user', 'cr-3',
	jsonb_build_array(pg_temp.item(20, 'a'), pg_temp.item(20, 'b')))),
	2::bigint, 'from what has not expired');
select is(t.balance('cr-3'), 10::bigint, 'the rest');
select is(t.ledger('cr-3', 2), '[["expire", -30], ["consume", -20],
	["consume", -20]]', 'after the expiry');
select t.all_well('cr-3');

-- What is not simply done leaves nothing, and is left to consume_credits.
create function pg_temp.left_alone(calls jsonb, name text,
	state text default 'FL002')
returns text language plpgsql as $$
declare
	before constant jsonb := t.picture('cr-3');
	f constant jsonb := t.fault(format(
		'select florin_api.consume_run(''user'', ''cr-3'', %L)', calls));
begin
	return is(f ->> 'state', state, name) || E'\n'
		|| is(t.picture('cr-3'), before, name || ': nothing is left');
end
$$;
select pg_temp.left_alone(jsonb_build_array(pg_temp.item(5, 'c'),
	pg_temp.item(6, 'd')), 'together too much');
select pg_temp.left_alone(jsonb_build_array(pg_temp.item(1, 'c'),
	pg_temp.item(20, 'a')), 'a key that was used');
select pg_temp.left_alone(jsonb_build_array(pg_temp.item(1, 'c'),
	pg_temp.item(1, 'c')), 'a key twice');
select is((select count(*) from florin_api.consume_run('user', 'cr-3',
	jsonb_build_array(pg_temp.item(1, 'c'),
	pg_temp.item(1, 'c', 'service:s')))), 2::bigint,
	'of two callers it is not the same key');
select pg_temp.left_alone(jsonb_build_array(pg_temp.item(1, 'd'),
	pg_temp.item(1, 'e', 'admin:root')), 'an admin''s, which is logged');
select pg_temp.left_alone(jsonb_build_array(pg_temp.item(1, 'd'),
	pg_temp.item(1, 'e', type => 'hold', id => '1')),
	'a reference of the system''s own', 'FL000');
update florin.wallets set frozen = true where user_id = 'cr-3';
select pg_temp.left_alone(jsonb_build_array(pg_temp.item(1, 'd'),
	pg_temp.item(1, 'e')), 'a frozen wallet');
update florin.wallets set frozen = false where user_id = 'cr-3';
select is(t.fault(format('select florin_api.consume_run(''service:s'',
	''cr-nobody'', %L)', jsonb_build_array(pg_temp.item(1, 'a')))) ->> 'code',
	'user_not_found', 'nobody');

-- At the limit.
select t.register('cr-4');
select t.give('cr-4', 9007199254740991 - 50);
select is((select max(revision) from florin_api.consume_run('user', 'cr-4',
	jsonb_build_array(pg_temp.item(9007199254740990, 'a'),
	pg_temp.item(1, 'b')))), 4::bigint, 'all of 2^53 - 1');
select t.all_well('cr-4');

select t.whole(format('select florin_api.consume_run(''user'', ''cr-3'', %L)',
	jsonb_build_array(pg_temp.item(4, 'x'), pg_temp.item(4, 'y'))), 'cr-3', 4,
	'consume_run');
select t.all_well('cr-3');
select finish();
