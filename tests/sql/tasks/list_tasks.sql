-- florin_api.list_tasks: newest first, by kind and status.
select no_plan();

create function pg_temp.list(kind text default null, status text default null,
	"limit" bigint default null, cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.list_tasks('user', 'ti-1', kind,
		status, null, null, "limit", cursor)
$$;

select t.register('ti-1');
select t.task('ti-1', 1, 'ti.image');
create temp table first as select t.cancel_task('ti-1') as k;
select t.sleep('1 s');
select t.task('ti-1', 4, 'ti');
select t.cancel_task('ti-1');
select t.sleep('1 s');
select t.task('ti-1', 0, 'free');
select t.cancel_task('ti-1');
select t.task('ti-1', 1, 'ti');
select t.cancel_task('ti-1');
select is(jsonb_array_length(pg_temp.list() -> 'data'), 4, 'all');
select is(pg_temp.list() #>> '{data,3}', k::text, 'newest first')
	from first;
select is(jsonb_array_length(pg_temp.list('ti') -> 'data'), 2, 'of a kind');
select is(jsonb_array_length(pg_temp.list(null, 'queued') -> 'data'), 0,
	'of a status');
select is(jsonb_array_length(pg_temp.list(null, null, 3,
	pg_temp.list(null, null, 3) ->> 'next_cursor') -> 'data'), 1, 'pages');
select is(jsonb_array_length(body::jsonb -> 'data'), 1, 'from and to')
	from first, florin_api.list_tasks('user', 'ti-1', null, null,
	(k ->> 'created_at')::timestamptz,
	(k ->> 'created_at')::timestamptz + '1 us', null, null);
select t.refused($$select florin_api.list_tasks('user', 'ti-n', null, null,
	null, null, null, null)$$, 'ti-n', 'user_not_found');
select t.all_well('ti-1');
select finish();
