-- florin_api.record_message: counted, and a sign of life.
select no_plan();

select t.register('sm-1');
create temp table answer as
	select t.start_session('sm-1', 'web') #>> '{session,id}' as id;
select t.start_session('sm-1', 'app');
select t.sleep('10 s');
create temp table said as
	select t.message('sm-1', null, id) as b from answer;
select is(b #>> '{session,message_count}', '1', 'one message') from said;
select is((b #>> '{session,last_message_at}')::timestamptz,
	(b #>> '{stats,last_active_at}')::timestamptz, 'and its time') from said;
select is(t.message('sm-1', 41, id) #>> '{session,message_count}', '42',
	'several at once') from answer;
select is(t.message('sm-1') #>> '{stats,message_count}', '43',
	'all sessions count in the stats');
select t.refused(format($$select t.message('sm-1', 1, %L)$$, repeat('0', 26)),
	'sm-1', 'not_found');
select t.register('sm-2');
select t.refused(format($$select t.message('sm-2', 1, %L)$$, id), 'sm-2',
	'not_found', '{}', 'another''s session is none') from answer;
select t.whole(format($$select florin_api.record_message('admin:x', 'sm-1',
	'k', t.hash('a'), null, null, %L, 3)$$, id), 'sm-1', 4, 'record_message')
	from answer;
select t.all_well(u) from unnest(array['sm-1', 'sm-2']) u;
select finish();
