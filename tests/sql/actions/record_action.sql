-- florin_api.record_action: what a user did, and the counters that types move.
select no_plan();

create function pg_temp.act(uid text, type text, target text default null,
	metadata jsonb default null, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.record_action(caller, uid, null, null,
		null, null, type, target, metadata)
$$;

select t.register('ac-1');
create temp table first as select * from florin_api.record_action('user',
	'ac-1', 'k', t.hash('x'), null, null, 'share', E'a post \u2713',
	'{"to": ["x", 1.50]}');
create temp table answer as select body::jsonb as b from first;
select is(status, 201, 'an action: 201') from first;
select is((b -> 'action') - 'id' - 'created_at', jsonb_build_object(
	'action_type', 'share', 'target', E'a post \u2713',
	'metadata', '{"to": ["x", 1.50]}'::jsonb), 'the action') from answer;
select is((b -> 'stats') - 'last_active_at', '{"session_count": 0,
	"session_seconds": 0, "message_count": 0, "task_count": 0,
	"checkin_count": 0, "action_count": 1}', 'its counter moves') from answer;
select is(b #> '{stats,last_active_at}', b #> '{action,created_at}',
	'the user was active') from answer;

select is(pg_temp.act('ac-1', 'view') #> '{stats,action_count}', '1',
	'a type that moves nothing');
insert into florin.action_types values
	('test.both', '{message_count,action_count,task_count}');
select is((pg_temp.act('ac-1', 'test.both') -> 'stats') - 'last_active_at',
	'{"session_count": 0, "session_seconds": 0, "message_count": 1,
	"task_count": 1, "checkin_count": 0, "action_count": 2}',
	'a type that moves several');
select throws_ok($$insert into florin.action_types
	values ('test.x', '{balance}')$$, '23514', null, 'only counters');
select t.refused($$select pg_temp.act('ac-1', 'unknown')$$, 'ac-1',
	'unknown_action_type');
select t.refused($$select pg_temp.act('ac-n', 'view')$$, 'ac-n',
	'user_not_found');

select results_eq($$select status, body, replayed
	from florin_api.record_action('user', 'ac-1', 'k', t.hash('x'), null,
		null, 'share', 'x', null)$$, 'select 201, body, true from first',
	'the key replays');
select t.refused($$select florin_api.record_action('user', 'ac-1', 'k',
	t.hash('y'), null, null, 'share', null, null)$$, 'ac-1',
	'idempotency_key_reused');

select t.whole($$select florin_api.record_action('admin:x', 'ac-1', 'k',
	t.hash('a'), null, null, 'share', 't', '{}')$$, 'ac-1', 4,
	'record_action');
select t.all_well('ac-1');
select finish();
