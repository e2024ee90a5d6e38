-- florin_api.get_current_session: the open one of a client, or of any.
select no_plan();

create function pg_temp.current(uid text, client text default null)
returns jsonb language sql as $$
	select nullif(body::jsonb -> 'session', 'null')
	from florin_api.get_current_session('user', uid, client)
$$;

select t.register('sg-1');
select is(pg_temp.current('sg-1'), null, 'before the first: null');
create temp table answer as
	select t.start_session('sg-1', 'web') #>> '{session,id}' as id;
select t.sleep('1 s');
select t.start_session('sg-1');
select is(pg_temp.current('sg-1', 'web') ->> 'id', id,
	'the current of a client')
	from answer;
select is(pg_temp.current('sg-1') -> 'client', 'null',
	'of no client in particular: that which began last');
select is(pg_temp.current('sg-1', 'tv'), null, 'of an unknown one: null');
select t.refused($$select pg_temp.current('sg-n')$$, 'sg-n', 'user_not_found');
select t.all_well('sg-1');
select finish();
