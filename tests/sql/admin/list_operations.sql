-- florin_admin.list_operations: the operation log.
select no_plan();
select t.register('log-1');
select t.register('log-2');
select t.adjust('log-1', n, 'admin:log' || n % 2)
	from generate_series(1, 5) n;
select t.adjust('log-2', 1, 'admin:log1');
create function pg_temp.page(uid text default null, who text default null,
	operation text default null, outcome text default null,
	since timestamptz default null, until timestamptz default null,
	size bigint default null, cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_operations('admin:root', uid,
		who, operation, outcome, since, until, size, cursor)
$$;
create function pg_temp.changes(page jsonb) returns jsonb
language sql as $$
	select jsonb_agg((e #> '{after,balance}')::bigint
		- (e #> '{before,balance}')::bigint order by place)
	from jsonb_array_elements(page -> 'data') with ordinality as x (e, place)
$$;
select is(pg_temp.changes(pg_temp.page('log-1')), '[5, 4, 3, 2, 1]',
	'of a user, newest first');
select is(pg_temp.changes(pg_temp.page(who => 'admin:log1')),
	'[1, 5, 3, 1]', 'of an admin');
select is(pg_temp.changes(pg_temp.page('log-1', 'admin:log0')), '[4, 2]',
	'of both');
select is(pg_temp.page('log-1', operation => 'none') -> 'data', '[]',
	'of an operation');
select is(pg_temp.page('log-1', outcome => 'forbidden') -> 'data', '[]',
	'by outcome');
select is(jsonb_array_length(pg_temp.page('log-1', outcome => 'done')
	-> 'data'), 5, 'done ones');
select is(pg_temp.page('log-1', until => min(created_at)) -> 'data', '[]',
	'`to` is not part of it')
	from florin.admin_operation_logs where user_id = 'log-1';
select is(jsonb_array_length(pg_temp.page('log-1', since => min(created_at))
	-> 'data'), 5, '`from` is')
	from florin.admin_operation_logs where user_id = 'log-1';
create temp table p1 as select pg_temp.page('log-1', size => 3) as p;
select is(pg_temp.changes(p), '[5, 4, 3]', 'a page') from p1;
select is(pg_temp.changes(pg_temp.page('log-1', size => 3,
	cursor => p ->> 'next_cursor')), '[2, 1]', 'and the next') from p1;
select is(p #> '{data,0}' ->> 'user_id', 'log-1', 'names the user') from p1;
select florin.log_operation('admin:log3', '', 'x', null, null, null, null,
	null);
select is(pg_temp.page(who => 'admin:log3') #> '{data,0,user_id}', 'null',
	'the site itself has no user');
select finish();
