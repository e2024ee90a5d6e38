-- florin_api.list_sessions: those that are over, newest first.
select no_plan();

create function pg_temp.records(uid text) returns jsonb language sql as $$
	select body::jsonb -> 'data'
	from florin_api.list_sessions('user', uid, null, null, null, null)
$$;
select t.register('sl-1');
select t.start_session('sl-1', 'web');
select is(pg_temp.records('sl-1'), '[]', 'one that is open is not in it');
create temp table over as select t.end_session('sl-1') as b;
select is(pg_temp.records('sl-1'), jsonb_build_array(b -> 'session_record'),
	'the list has what is over') from over;

-- Pages.
begin;
select t.register('sl-p');
create function pg_temp.sit(uid text, client text) returns void
language plpgsql as $$
begin
	perform t.start_session(uid, client);
	perform t.sleep('1 s');
	perform t.end_session(uid);
end
$$;
select pg_temp.sit('sl-p', c::text) from generate_series(1, 3) c;
create temp table page as select body::jsonb as b
	from florin_api.list_sessions('user', 'sl-p', null, null, 2, null);
select is(jsonb_path_query_array(b, '$.data[*].client'), '["3", "2"]',
	'newest first') from page;
select is(jsonb_path_query_array(body::jsonb, '$.data[*].client'), '["1"]',
	'the next page') from page, florin_api.list_sessions('user', 'sl-p', null,
	null, 2, b ->> 'next_cursor');
select is(jsonb_path_query_array(body::jsonb, '$.data[*].client'), '["2"]',
	'from and to') from page, florin_api.list_sessions('user', 'sl-p',
	(b #>> '{data,1,started_at}')::timestamptz,
	(b #>> '{data,0,started_at}')::timestamptz, null, null);
select is(t.field_fault($$select florin_api.list_sessions('user', 'sl-p',
	null, null, 2, '17')$$), '{"field": "cursor", "code": "format"}',
	'a cursor of another list');
rollback;

select t.refused($$select pg_temp.records('sl-n')$$, 'sl-n',
	'user_not_found');
select t.all_well('sl-1');
select finish();
