-- florin_admin.list_alerts: what people were told.
select no_plan();
create function pg_temp.page(uid text default null,
	category text default null, status text default null,
	detector text default null, since timestamptz default null,
	until timestamptz default null, size bigint default null,
	cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_alerts('admin:root', uid,
		category, status, detector, since, until, size, cursor)
$$;
create function pg_temp.subjects(page jsonb) returns text language sql as $$
	select string_agg(e ->> 'detail', ', ' order by n)
	from jsonb_array_elements(page -> 'data') with ordinality as x (e, n)
$$;
select florin.raise_alert('security', 'test_one', 'critical', 'la-1', 'a',
	'first');
select t.sleep('1 s'); -- ids tell the order by the millisecond
select florin.raise_alert('admin', 'test_two', 'info', '', 'b', 'second');
select t.sleep('1 s');
select florin.raise_alert('security', 'test_one', 'critical', 'la-1', 'c',
	'third');
select is(pg_temp.subjects(pg_temp.page(size => 3)), 'third, second, first',
	'newest first');
select is(pg_temp.subjects(pg_temp.page(size => 1,
	cursor => pg_temp.page(size => 2) ->> 'next_cursor')), 'first',
	'the next page');
select is(pg_temp.subjects(pg_temp.page('la-1')), 'third, first',
	'of a user');
select is(pg_temp.page(detector => 'test_two') #> '{data,0,user_id}', 'null',
	'the site''s own name no user');
select is(pg_temp.subjects(pg_temp.page('la-1', 'security', 'open',
	'test_one')), 'third, first', 'all filters');
select is(pg_temp.page('la-1', 'repair') -> 'data', '[]', 'by category');
select is(pg_temp.page('la-1', status => 'resolved') -> 'data', '[]',
	'by status');
select is(pg_temp.subjects(pg_temp.page('la-1', since => max(first_seen_at))),
	'third', '`from` is part of it')
	from florin.alerts where user_id = 'la-1';
select is(pg_temp.subjects(pg_temp.page('la-1', until => max(first_seen_at))),
	'first', '`to` is not') from florin.alerts where user_id = 'la-1';
select is(t.field_fault($$select pg_temp.page(cursor => 'x')$$),
	'{"field": "cursor", "code": "format"}', 'not a cursor');
delete from florin.alerts where detector like 'test\_%';
select finish();
