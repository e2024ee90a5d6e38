-- florin_api.start_session: one open for each client, until its idle end.
select no_plan();

select t.register('se-1');
create temp table first as select * from florin_api.start_session('user',
	'se-1', 'k', t.hash('x'), null, null, 'web', '{"a": 1}');
create temp table answer as select body::jsonb as b, t.session_of('se-1') as id
	from first;
select is(status, 201, 'a new session: 201') from first;
select is((b -> 'session') - 'started_at', jsonb_build_object('id', id,
	'user_id', 'se-1', 'client', 'web', 'last_message_at', null,
	'message_count', 0), 'the session') from answer;
select is((b -> 'stats') - 'last_active_at', '{"session_count": 1,
	"session_seconds": 0, "message_count": 0, "task_count": 0,
	"checkin_count": 0, "action_count": 0}', 'it is counted') from answer;
select is(metadata, '{"a": 1}', 'its metadata are kept')
	from florin.user_sessions where user_id = 'se-1';

-- One for each client.
select results_eq($$select status, body::jsonb #>> '{session,id}',
	body::jsonb #> '{stats,session_count}'
	from florin_api.start_session('user', 'se-1', null, null, null, null,
		'web', null)$$, 'select 200, id, ''1''::jsonb from answer',
	'starting again returns it, and counts nothing');
select is(t.start_session('se-1', 'app') #>> '{stats,session_count}', '2',
	'another client has its own');
select is(t.start_session('se-1') #> '{session,client}', 'null',
	'no client is one, too');
select is(t.start_session('se-1') #>> '{stats,session_count}', '3',
	'and has one');
select results_eq($$select status, body, replayed
	from florin_api.start_session('user', 'se-1', 'k', t.hash('x'), null,
		null, 'web', '{"a": 1}')$$, 'select 201, body, true from first',
	'the key replays');
select t.refused($$select florin_api.start_session('user', 'se-1', 'k',
	t.hash('y'), null, null, 'web', null)$$, 'se-1',
	'idempotency_key_reused');
select t.refused($$select t.start_session('se-n')$$, 'se-n',
	'user_not_found');

create function pg_temp.current(uid text, client text default null)
returns jsonb language sql as $$
	select nullif(body::jsonb -> 'session', 'null')
	from florin_api.get_current_session('user', uid, client)
$$;
create function pg_temp.records(uid text) returns jsonb language sql as $$
	select body::jsonb -> 'data'
	from florin_api.list_sessions('user', uid, null, null, null, null)
$$;

-- Idle: over with its last message, to the microsecond.
select t.register('se-i');
select t.start_session('se-i', 'a');
select t.sleep('29 min 59 s');
select t.message('se-i');
select t.sleep('29 min 59 s');
select isnt(pg_temp.current('se-i'), null, 'a message keeps it open');
create temp table idle as select idle_at, last_message_at, started_at
	from florin.user_sessions where user_id = 'se-i';
select t.sleep('1 s');
select is(pg_temp.current('se-i'), null, 'half an hour without: it is over');
select results_eq($$select end_reason, ended_at, duration_seconds
	from florin.session_records where user_id = 'se-i'$$,
	$$select 'idle', last_message_at, floor(extract(epoch from
		last_message_at - started_at))::bigint from idle$$,
	'since its last message');
select is(session_seconds, 1799::bigint, 'the time until then is counted')
	from florin.stats where user_id = 'se-i';
select t.all_well('se-i');

-- At the moment itself, asked as another question.
begin;
select t.start_session('se-i', 'a');
update florin.wallets set last_effective_at = (select idle_at - '1 us'
	::interval from florin.user_sessions where user_id = 'se-i')
	where user_id = 'se-i';
select lives_ok($$select t.message('se-i')$$, 'a microsecond before: open');
rollback;
begin;
select t.start_session('se-i', 'a');
update florin.wallets set last_effective_at = (select idle_at
	from florin.user_sessions where user_id = 'se-i')
	where user_id = 'se-i';
select is(t.fault($$select t.message('se-i')$$) ->> 'code', 'session_closed',
	'at the moment itself: over');
rollback;

-- One in which nothing was said ended when it began.
begin;
select t.start_session('se-i', 'b');
select t.sleep('31 min');
select is(body::jsonb #> '{stats,session_seconds}', '1799',
	'reading the user settles its sessions')
	from florin_api.get_user('user', 'se-i', null);
select results_eq($$select ended_at - started_at, end_reason
	from florin.session_records where user_id = 'se-i' and client = 'b'$$,
	$$values ('0 s'::interval, 'idle')$$, 'without a message: no length');
rollback;

-- The setting is copied when a session begins.
begin;
select t.start_session('se-i', 'c');
select t.set_setting('session_idle', '"1 min"');
select t.start_session('se-i', 'd');
select t.sleep('2 min');
select is(pg_temp.current('se-i', 'c') ->> 'client', 'c', 'as it was agreed');
select is(pg_temp.current('se-i', 'd'), null, 'later ones follow the setting');
select t.all_well('se-i');
rollback;

-- Several end in order; credits that expire at the same time do, too.
begin;
select t.register('se-m');
select t.start_session('se-m', 'x'), t.start_session('se-m', 'y');
select t.give('se-m', 5, expires_at => t.now() + '1 h');
select t.sleep('1 day');
select is(t.balance('se-m'), 50::bigint, 'one settling for all');
select is(jsonb_array_length(pg_temp.records('se-m')), 2, 'both are over');
select is(next_due_at, null, 'nothing else is due') from florin.wallets
	where user_id = 'se-m';
rollback;

-- The job, for those that nobody asks about.
begin;
select t.sleep('1 h');
select count(florin.settle_user(user_id)) from florin.wallets; -- the others
select t.register('se-j1'), t.register('se-j2'), t.register('se-j3');
select t.start_session('se-j1'), t.start_session('se-j2');
select t.sleep('31 min');
select t.start_session('se-j3');
select set_eq('select florin_jobs.due_wallets(9, 0)',
	array['se-j1', 'se-j2'], 'the job finds idle ones');
select ok(florin_jobs.settle_wallet(u), 'and ends them')
	from florin_jobs.due_wallets(9, 0) u;
select is_empty('select florin_jobs.due_wallets(9, 0)', 'and is done');
select set_eq($$select user_id from florin.session_records
	where user_id like 'se-j%'$$, array['se-j1', 'se-j2'],
	'only idle ones are over');
select t.all_well(u) from unnest(array['se-j1', 'se-j2', 'se-j3']) u;
rollback;

-- Admins leave a trace.
select t.register('se-a');
select florin_api.start_session('admin:root', 'se-a', null, null, 'ip', 'ua',
	null, null);
select florin_api.record_message('admin:root', 'se-a', null, null, 'ip', 'ua',
	t.session_of('se-a'), 2);
select florin_api.end_session('admin:root', 'se-a', null, null, 'ip', 'ua',
	t.session_of('se-a'));
select set_eq($$select operation from florin.admin_operation_logs
	where user_id = 'se-a'$$, array['start_session', 'record_message',
	'end_session'], 'what an admin did');

-- Failing half-way leaves nothing.
select t.register('se-w');
select t.whole($$select florin_api.start_session('admin:x', 'se-w', 'k',
	t.hash('a'), null, null, 'c', '{}')$$, 'se-w', 4, 'start_session');
select t.start_session('se-w');

-- The invariants see what is wrong.
begin;
select t.start_session('se-1', 'z');
select t.message('se-1');
update florin.stats set message_count = 0 where user_id = 'se-1';
select results_eq($$select invariant from florin.check_user('se-1')$$,
	array['stats'], 'fewer messages than there are');
rollback;
begin;
update florin.wallets set next_due_at = null where user_id = 'se-w';
select results_eq($$select invariant from florin.check_user('se-w')$$,
	array['next_due_at'], 'a session whose end nobody waits for');
rollback;

select t.all_well(u) from unnest(array['se-1', 'se-a', 'se-w']) u;
select finish();
