-- What the tests share: schema t.  Short names for calls, and assertions that
-- pgTAP lacks.  Loaded once by tests/sql/run.
create schema tap;
create extension pgtap schema tap;
create extension dblink schema tap;
create schema t;
set search_path = t, tap, pg_catalog;
set check_function_bodies = off;

-- Tests make their own packages.
delete from florin.credit_packages;

-- A key's hash: what makes two requests the same is not the database's.
create function t.hash(request text) returns bytea
language sql as $$ select sha256(convert_to(request, 'UTF8')) $$;

create function t.now() returns timestamptz
language sql as $$ select florin.clock() $$;

-- Move the test clock on.
create function t.sleep(step interval) returns void
language sql as $$ select florin.advance_clock(step) $$;

create function t.register(uid text, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.register_user(
		caller, uid, null, null, null, null, null, null)
$$;

create function t.consume(uid text, amount bigint, key text default null,
	caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.consume_credits(
		caller, uid, key, t.hash(amount::text), null, null, amount,
		'a reason', null, null)
$$;

create function t.give(uid text, amount bigint, source text default 'bonus',
	expires_at timestamptz default null, priority bigint default null,
	caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.grant_credits(
		caller, uid, null, null, null, null, amount, source, 'a gift',
		expires_at, priority)
$$;

create function t.refund(uid text, transaction_id bigint,
	amount bigint default null, caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.refund_credits(
		caller, uid, null, null, null, null, transaction_id, amount, 'sorry')
$$;

create function t.adjust(uid text, amount bigint,
	caller text default 'admin:root')
returns jsonb language sql as $$
	select body::jsonb from florin_admin.adjust_credits(
		caller, uid, null, null, '192.0.2.1', 'curl', amount, 'a correction')
$$;

create function t.hold(uid text, amount bigint, ttl bigint default null,
	key text default null, caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.hold_credits(
		caller, uid, key, t.hash(amount::text), null, null, amount, 'work',
		ttl)
$$;

create function t.capture(uid text, hold_id text, amount bigint default null,
	key text default null, caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.capture_hold(
		caller, uid, key, t.hash(coalesce(amount::text, '')), null, null,
		hold_id, amount)
$$;

create function t.release(uid text, hold_id text, key text default null,
	caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.release_hold(
		caller, uid, key, t.hash(hold_id), null, null, hold_id)
$$;

-- A user's hold, the only or the last one.
create function t.hold_id(uid text) returns text
language sql as $$
	select id from florin.holds where user_id = uid
	order by transaction_id desc limit 1
$$;

create function t.start_session(uid text, client text default null,
	caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.start_session(caller, uid, null, null,
		null, null, client, '{"page": "/"}')
$$;

-- The user's session: the open one, else the last.
create function t.session_of(uid text) returns text
language sql as $$
	select id from (
		select 0 as place, id from florin.user_sessions where user_id = uid
		union all
		select 1, id from florin.session_records where user_id = uid) s
	order by place, id desc limit 1
$$;

create function t.message(uid text, count bigint default null,
	id text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.record_message('user', uid, null, null,
		null, null, coalesce(id, t.session_of(uid)), count)
$$;

create function t.end_session(uid text, id text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.end_session('user', uid, null, null,
		null, null, coalesce(id, t.session_of(uid)))
$$;

create function t.act(uid text) returns jsonb
language sql as $$
	select body::jsonb from florin_api.record_action('user', uid, null, null,
		null, null, 'share', null, null)
$$;

-- A task of a service's own price; with none, of the list's.
create function t.task(uid text, cost bigint default 10,
	kind text default 'image', key text default null,
	caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.create_task(caller, uid, key,
		t.hash(kind), null, null, kind, '{"prompt": "a cat"}', cost)
$$;

-- A user's task, the only or the last one.
create function t.task_id(uid text) returns text
language sql as $$
	select id from florin.tasks where user_id = uid order by id desc limit 1
$$;

create function t.claim(kind text default 'image', seconds bigint default 60)
returns jsonb language sql as $$
	select nullif(body::jsonb -> 'task', 'null') from florin_api.claim_task(
		'service:be', array[kind], 'worker 1', seconds)
$$;

create function t.claim_token(uid text, task_id text) returns text
language sql as $$
	select claim_token from florin.tasks where user_id = uid and id = task_id
$$;

create function t.extend(uid text, seconds bigint default 60,
	token text default null)
returns jsonb language sql as $$
	select body::jsonb -> 'task' from t.task_id(uid) id,
		florin_api.extend_task('service:be', uid, null, null, id,
		coalesce(token, t.claim_token(uid, id)), seconds)
$$;

create function t.complete(uid text, token text default null,
	result jsonb default '{"url": "x"}')
returns jsonb language sql as $$
	select body::jsonb -> 'task' from t.task_id(uid) id,
		florin_api.complete_task('service:be', uid, null, null, id,
		coalesce(token, t.claim_token(uid, id)), result)
$$;

create function t.fail_task(uid text, token text default null,
	error jsonb default '"no luck"')
returns jsonb language sql as $$
	select body::jsonb -> 'task' from t.task_id(uid) id,
		florin_api.fail_task('service:be', uid, null, null, id,
		coalesce(token, t.claim_token(uid, id)), error)
$$;

create function t.cancel_task(uid text, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.cancel_task(caller, uid, null, null,
		null, null, t.task_id(uid))
$$;

-- An admin's POST, PUT and DELETE, a user's cancel, a paid order.
create function t.add_member(uid text, plan text default 'lite',
	period text default 'monthly', key text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.create_membership(
		'admin:root', uid, key, t.hash(plan || period), '192.0.2.1', 'curl',
		plan, period, 'a present')
$$;

create function t.set_member(uid text, plan text, period text,
	expires_at timestamptz default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.set_membership(
		'admin:root', uid, '192.0.2.1', 'curl', plan, period, expires_at,
		'so be it')
$$;

create function t.end_member(uid text) returns jsonb
language sql as $$
	select body::jsonb from florin_admin.delete_membership(
		'admin:root', uid, '192.0.2.1', 'curl', 'no more')
$$;

create function t.cancel_member(uid text, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.cancel_membership(
		caller, uid, '192.0.2.1', 'curl')
$$;

create function t.reset_member(uid text) returns jsonb
language sql as $$
	select body::jsonb from florin_admin.check_and_reset_user_credits(
		'admin:root', uid, null, null, '192.0.2.1', 'curl', 'a look')
$$;

create function t.membership(uid text) returns jsonb
language sql as $$
	select body::jsonb from florin_api.get_membership('user', uid, null)
$$;

create function t.order_plan(uid text, plan text, period text, bought text,
	quota bigint default null)
returns text language plpgsql as $$
declare
	w florin.wallets := florin.lock_wallet(uid, 'system');
	period_id text;
begin
	w := florin.settle(w);
	call florin.apply_plan_order(w, plan, period, quota, bought, period_id);
	w := florin.save_wallet(w);
	return period_id;
end
$$;

create function t.renew_plan(uid text, plan text, period text, bought text)
returns text language plpgsql as $$
declare
	w florin.wallets := florin.lock_wallet(uid, 'system');
	period_id text;
begin
	w := florin.settle(w);
	call florin.renew_membership(w, plan, period, null, bought, period_id);
	w := florin.save_wallet(w);
	return period_id;
end
$$;

-- {taken, shortfall}
create function t.refund_plan(uid text, bought text) returns jsonb
language plpgsql as $$
declare
	w florin.wallets := florin.lock_wallet(uid, 'system');
	taken florin.credit_transactions;
	shortfall bigint;
begin
	w := florin.settle(w);
	call florin.refund_plan(w, 'order:' || bought, 'money back',
		'payment:' || bought, taken, shortfall);
	w := florin.save_wallet(w);
	return jsonb_build_object('taken', taken.amount, 'shortfall', shortfall);
end
$$;

-- Stop the clock at what a zone shows.  Only in a transaction that is rolled
-- back: it takes florin.clock's place.
create table t.stopped (at timestamptz);

create function t.stopped_clock() returns timestamptz
security definer
language sql as $$ select at from t.stopped $$;

create function t.stop(local timestamp, zone text default 'UTC')
returns void language plpgsql as $$
begin
	delete from t.stopped;
	insert into t.stopped values (local at time zone zone);
	create or replace function florin.clock() returns timestamptz
	language sql volatile as 'select t.stopped_clock()';
end
$$;
grant usage on schema t to florin_owner;

-- Credits that were paid for.
create function t.buy(uid text, credits bigint) returns void
language plpgsql as $$
declare
	w florin.wallets := florin.lock_wallet(uid, 'system');
	bought florin.credit_transactions;
begin
	w := florin.settle(w);
	bought.kind := 'recharge';
	bought.amount := credits;
	bought.actor := 'payment:test';
	call florin.feed(w, bought, 'purchase', credits, null, null);
	call florin.post(w, bought);
	w := florin.save_wallet(w);
end
$$;

\ir setup_payments.sql

create function t.balance(uid text) returns bigint
language sql as $$
	select (body::jsonb ->> 'balance')::bigint
	from florin_api.get_credits('user', uid, null, null)
$$;

create function t.version(uid text) returns bigint
language sql as $$
	select version from florin.wallets where user_id = uid
$$;

-- [[kind, amount], …] of the last rows of a ledger, oldest first.
create function t.ledger(uid text, after bigint default 0) returns jsonb
language sql as $$
	select jsonb_agg(jsonb_build_array(kind, amount) order by seq)
	from florin.credit_transactions where user_id = uid and seq > after
$$;

-- {source: remaining, …} of the open grants.
create function t.open_grants(uid text) returns jsonb
language sql as $$
	select coalesce(jsonb_object_agg(source, remaining), '{}') from (
		select source, sum(remaining) as remaining from florin.grants
		where user_id = uid and live group by source) g
$$;

-- [[source, amount], …] of a row's draws.
create function t.draws(transaction jsonb) returns jsonb
language sql as $$
	select jsonb_agg(jsonb_build_array(d -> 'source', d -> 'amount')
		order by place)
	from jsonb_array_elements(transaction -> 'draws')
		with ordinality as e (d, place)
$$;

create function t.set_setting(setting text, new_value jsonb) returns void
language sql as $$
	update florin.settings set value = new_value where name = setting
$$;

-- Every table of ours.
create function t.tables(out place regclass, out of_users boolean)
returns setof record language sql as $$
	select c.oid::regclass, exists (
		select from pg_attribute a
		where a.attrelid = c.oid and a.attname = 'user_id')
	from pg_class c
	where c.relnamespace = 'florin'::regnamespace and c.relkind in ('r', 'p')
	order by c.relname
$$;

-- All rows of a user, and how many each table has in all: what a refusal must
-- leave as it was.
create function t.picture(uid text) returns jsonb
language plpgsql as $$
declare
	here record;
	rows jsonb;
	all_rows jsonb := '{}';
begin
	for here in select * from t.tables() loop
		execute format('select jsonb_build_array(count(*), jsonb_agg('
			'to_jsonb(r) order by to_jsonb(r)::text) filter (where %s))'
			' from %s r', case when here.of_users then 'user_id = $1'
			else 'false' end, here.place)
			into rows using uid;
		all_rows := all_rows || jsonb_build_object(here.place, rows);
	end loop;
	return all_rows;
end
$$;

-- What a call raises: {state, code, extras, explanation}, null if nothing.
create function t.fault(call text) returns jsonb
language plpgsql as $$
declare
	state text;
	code text;
	extras text;
	explanation text;
begin
	execute call;
	return null;
exception when others then
	get stacked diagnostics state = returned_sqlstate, code = message_text,
		extras = pg_exception_detail, explanation = pg_exception_hint;
	return jsonb_build_object('state', state, 'code', code,
		'extras', case when state = 'FL000' then extras::jsonb end,
		'explanation', explanation);
end
$$;

-- The call is refused with this code and these members, and leaves user
-- `uid` as it was.
create function t.refused(call text, uid text, code text,
	extras jsonb default '{}', name text default null)
returns text language plpgsql as $$
declare
	before constant jsonb := t.picture(uid);
	f constant jsonb := t.fault(call);
	what constant text := coalesce(name, code || ': '
		|| left(regexp_replace(call, '\s+', ' ', 'g'), 60));
begin
	if f is null then
		return fail(what) || E'\n' || diag('it was not refused');
	elsif f ->> 'state' <> 'FL000' or f ->> 'code' <> code
			or f -> 'extras' <> extras then
		return fail(what) || E'\n' || diag(f::text);
	end if;
	return is(t.picture(uid), before, what);
end
$$;

-- The code of a refusal of one field.
create function t.field_fault(call text) returns jsonb
language sql as $$
	select (t.fault(call) #> '{extras,errors,0}') - 'detail'
$$;

create function t.all_well(uid text) returns text
language sql as $$
	select is_empty(
		format('select * from florin.check_user(%L)', uid),
		'the invariants of ' || uid || ' hold')
$$;

-- How many statements wrote since fail_after was set; at its number fail.
create sequence t.writes;
create table t.fail_after (writes bigint);

create function t.maybe_fail() returns trigger
security definer
language plpgsql as $$
begin
	if nextval('t.writes') = (select writes from t.fail_after) then
		raise exception using errcode = 'XX999',
			message = 'here it fails';
	end if;
	return null;
end
$$;

-- Run a call again and again, letting it fail after its 1st, 2nd, … write,
-- until it succeeds: each failure must leave nothing.  At least `writes_min`
-- writes.  Everything is undone at the end.
create function t.whole(call text, uid text, writes_min bigint, name text)
returns text language plpgsql as $$
declare
	before constant jsonb := t.picture(uid);
	place regclass;
	f jsonb;
	n bigint := 0;
begin
	for place in select x.place from t.tables() x loop
		execute format('create trigger maybe_fail'
			' after insert or update or delete on %s'
			' for each statement execute function t.maybe_fail()', place);
	end loop;
	loop
		n := n + 1;
		delete from t.fail_after;
		insert into t.fail_after values (n);
		perform setval('t.writes', 1, false);
		f := t.fault(call);
		exit when f is null;
		if f ->> 'state' <> 'XX999' then
			raise exception 'write %: %', n, f;
		elsif t.picture(uid) <> before then
			raise exception 'after write % something is left', n;
		end if;
	end loop;
	if t.picture(uid) = before then
		raise exception 'the call does nothing';
	elsif n - 1 < writes_min then
		raise exception 'only % writes', n - 1;
	end if;
	raise exception using errcode = 'XX998', message = n - 1;
exception
	when sqlstate 'XX998' then
		return pass(format('%s: failing after each of its %s writes leaves'
			' nothing', name, sqlerrm));
	when others then
		return fail(name) || E'\n' || diag(sqlerrm);
end
$$;

-- A feature's first half, as the worker calls it, and its ends.
create function t.begin_feature(uid text, feature text, key text,
	token text default 'mine', body_hash text default 'b')
returns jsonb language sql as $$
	select jsonb_build_array(status, body::jsonb)
	from florin_api.begin_feature('user', uid, key,
		t.hash(feature || body_hash), feature, 'text/plain', body_hash, token)
$$;

create function t.complete_feature(uid text, token text default 'mine',
	body bytea default '\x00ff', task_id text default null)
returns jsonb language sql as $$
	select jsonb_build_array(status, body::jsonb)
	from florin_api.complete_feature('user', uid,
		coalesce(task_id, t.task_id(uid)), token, 201, 'x/y', body)
$$;

create function t.fail_feature(uid text, token text default 'mine')
returns jsonb language sql as $$
	select jsonb_build_array(status, body::jsonb)
	from florin_api.fail_feature('user', uid, t.task_id(uid), token,
		'timed out', '{"code": "upstream_failed"')
$$;

-- An alert of a user, and what an admin does with its newest, or with `id`.
create function t.raise_alert(uid text) returns void language sql as $$
	select florin.raise_alert('security', 'test', 'info', uid, 's', 'd')
$$;

create function t.move_alert(uid text, verb text, id text default null)
returns jsonb language plpgsql as $$
declare
	a florin.answer;
begin
	execute format('select * from florin_admin.%I(''admin:root'',
		''192.0.2.1'', ''curl'', $1, ''a look'')', verb || '_alert')
		into a using coalesce(id, (select max(l.id) from florin.alerts l
			where l.user_id = uid));
	return a.body::jsonb;
end
$$;
