-- florin_admin.list_all_tasks: all users' tasks.
select no_plan();
create function pg_temp.page(uid text default null, kind text default null,
	status text default null, since timestamptz default null,
	until timestamptz default null, size bigint default null,
	cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_all_tasks('admin:root', uid,
		kind, status, since, until, size, cursor)
$$;
create function pg_temp.states(page jsonb) returns text language sql as $$
	select string_agg(concat_ws(' ', e ->> 'user_id', e ->> 'status',
		e ->> 'error'), ', ' order by n)
	from jsonb_array_elements(page -> 'data') with ordinality as x (e, n)
$$;
select t.register('lt-' || n) from generate_series(1, 2) n;
select t.task('lt-1');
select t.task('lt-2');
select is(pg_temp.states(pg_temp.page(size => 2)),
	'lt-2 queued, lt-1 queued', 'newest first');
select is(pg_temp.states(pg_temp.page(size => 1, cursor => t.task_id('lt-2'))),
	'lt-1 queued', 'the next page');
select is(pg_temp.states(pg_temp.page('lt-1', 'image')), 'lt-1 queued',
	'of a user, of a kind');
select is(pg_temp.page('lt-1', 'other') -> 'data', '[]', 'of another kind');
select is(pg_temp.page('lt-1', status => 'running') -> 'data', '[]',
	'of a status');
select is(pg_temp.states(pg_temp.page('lt-1', since => k.created_at)),
	'lt-1 queued', '`from` is part of it')
	from florin.tasks k where k.user_id = 'lt-1';
select is(pg_temp.page('lt-1', until => k.created_at) -> 'data', '[]',
	'`to` is not') from florin.tasks k where k.user_id = 'lt-1';
-- As time will end them, though nobody has settled these wallets.
update florin.wallets set next_due_at = florin.clock() + '1 min'
	where user_id like 'lt-%';
update florin.tasks set status = 'running', attempts = 1, claim_token = 'x',
	lease_expires_at = florin.clock() + '1 min' where user_id = 'lt-1';
update florin.tasks set status = 'running', attempts = max_attempts,
	claim_token = 'x', lease_expires_at = florin.clock() + '1 min'
	where user_id = 'lt-2';
select is(pg_temp.states(pg_temp.page(status => 'running', size => 2)),
	'lt-2 running, lt-1 running', 'leases that hold');
select t.sleep('1 min');
select is(pg_temp.states(pg_temp.page(size => 2)),
	'lt-2 failed lease_lost, lt-1 queued', 'leases that are over');
select is(pg_temp.states(pg_temp.page('lt-2', status => 'failed')),
	'lt-2 failed lease_lost', 'are found as they are shown');
select is(t.field_fault($$select pg_temp.page(cursor => 'x')$$),
	'{"field": "cursor", "code": "format"}', 'not a cursor');
select t.all_well('lt-' || n) from generate_series(1, 2) n;
select finish();
