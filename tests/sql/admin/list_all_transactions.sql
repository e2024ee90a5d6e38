-- florin_admin.list_all_transactions: all users' ledgers, newest first.
select no_plan();
create function pg_temp.page(uid text default null, kind text default null,
	since timestamptz default null, until timestamptz default null,
	size bigint default null, cursor text default null,
	type text default null, id text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_all_transactions('admin:root',
		uid, kind, type, id, since, until, size, cursor)
$$;
create function pg_temp.walk(size bigint, uid text default null,
	kind text default null)
returns table (user_id text, seq bigint, place bigint) language sql as $$
	with recursive page as (
		select pg_temp.page(uid, kind, size => size) as p, 0 as n
		union all
		select pg_temp.page(uid, kind, size => size,
			cursor => p ->> 'next_cursor'), n + 1
		from page where (p ->> 'has_more')::boolean
	)
	select x ->> 'user_id', (x -> 'id')::bigint,
		row_number() over (order by n, i)
	from page, jsonb_array_elements(p -> 'data') with ordinality as e (x, i)
$$;
select t.register('all-1');
select t.register('all-2');
select t.consume('all-1', 1);
select t.consume('all-2', 2);
select t.consume('all-1', 3);
-- Long ago and just now: spans must grow over a gap of years.
select t.sleep('3 years');
select t.give('all-2', 9);
select results_eq($$select user_id, seq from pg_temp.walk(30) order by place$$,
	$$select user_id, seq from florin.credit_transactions
	order by created_at desc, user_id desc, seq desc$$,
	'each row once, newest first');
select results_eq($$select user_id, seq from pg_temp.walk(1, 'all-1')
	order by place$$,
	$$values ('all-1', 3::bigint), ('all-1', 2), ('all-1', 1)$$, 'of a user');
select results_eq($$select seq from pg_temp.walk(2, 'all-2', 'consume')$$,
	'values (2::bigint)', 'of a kind');
select is(pg_temp.page('all-2', type => 'x', id => 'y') -> 'data', '[]',
	'by reference');
select is(jsonb_array_length(pg_temp.page('all-2', since => max(created_at))
	-> 'data'), 1, '`from` is part of it')
	from florin.credit_transactions where user_id = 'all-2';
select is(jsonb_array_length(pg_temp.page('all-2', until => max(created_at))
	-> 'data'), 2, '`to` is not')
	from florin.credit_transactions where user_id = 'all-2';
select is(t.field_fault($$select pg_temp.page(cursor => '3132')$$),
	'{"field": "cursor", "code": "format"}', 'not a cursor');
select finish();
