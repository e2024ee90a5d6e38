-- florin_api.end_session: over once and for all.
select no_plan();

select t.register('sx-1');
create temp table answer as
	select t.start_session('sx-1', 'web') #>> '{session,id}' as id;
select t.sleep('10 s');
select t.message('sx-1', 42, id) from answer;

select t.sleep('50 s');
create temp table over as
	select t.end_session('sx-1', id) as b from answer;
select is((over.b -> 'session_record') - 'started_at' - 'last_message_at'
	- 'ended_at', jsonb_build_object('id', id, 'user_id', 'sx-1',
	'client', 'web', 'message_count', 42, 'duration_seconds', 60,
	'end_reason', 'ended'), 'the record') from over, answer;
select is(b #>> '{stats,session_seconds}', '60', 'its length is counted')
	from over;
select is(metadata, '{"page": "/"}', 'the record keeps the metadata')
	from florin.session_records where user_id = 'sx-1';
select t.refused(format($$select t.end_session('sx-1', %L)$$, id), 'sx-1',
	'session_closed', jsonb_build_object('session_record',
	over.b -> 'session_record'), 'a second end: 409 with the record')
	from answer, over;
select t.refused(format($$select t.message('sx-1', 1, %L)$$, id), 'sx-1',
	'session_closed', jsonb_build_object('session_record',
	over.b -> 'session_record'), 'a message after the end') from answer, over;
select is(t.start_session('sx-1', 'web') #>> '{session,message_count}', '0',
	'the client may start anew');
select t.register('sx-2');
select t.refused(format($$select t.end_session('sx-2', %L)$$, id), 'sx-2',
	'not_found', '{}', 'another''s session is none') from answer;
select t.whole($$select florin_api.end_session('admin:x', 'sx-1', 'k',
	t.hash('a'), null, null, t.session_of('sx-1'))$$, 'sx-1', 5,
	'end_session');
begin;
select t.sleep('31 min');
select t.whole($$select florin_api.get_credits('user', 'sx-1', null, null)$$,
	'sx-1', 4, 'a session that idles');
rollback;
select t.all_well(u) from unnest(array['sx-1', 'sx-2']) u;
select finish();
