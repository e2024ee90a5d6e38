-- florin_admin.list_users: users, newest first, as of one moment.
select no_plan();
create function pg_temp.page(query text default null, plan text default null,
	status text default null, size bigint default null,
	cursor text default null, since timestamptz default null,
	till timestamptz default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_users('admin:root', query, plan,
		status, since, till, size, cursor)
$$;
create function pg_temp.ids(page jsonb) returns jsonb
language sql as $$
	select jsonb_agg(r -> 'user_id' order by place)
	from jsonb_array_elements(page -> 'data') with ordinality as x (r, place)
$$;
select florin_api.register_user('service:be', 'lu-' || n, null, null, null,
	null, 'Lu' || n || '@Example.com', 'Name ' || n)
	from generate_series(1, 5) n;
select florin_admin.create_membership('admin:root', 'lu-2', null, null, null,
	null, 'premium', 'monthly', 'x');
select t.give('lu-3', 9, expires_at => t.now() + '1 h');
select is(pg_temp.ids(pg_temp.page('lu-')),
	'["lu-5", "lu-4", "lu-3", "lu-2", "lu-1"]', 'by id, newest first');
select is(pg_temp.ids(pg_temp.page('LU3@EXAMPLE')), '["lu-3"]', 'by e-mail');
select is(pg_temp.ids(pg_temp.page('name 4')), '["lu-4"]', 'by name');
select is(pg_temp.page('no such user') -> 'data', '[]', 'nobody');
select is(pg_temp.page('100%') -> 'data', '[]', 'no pattern');
select is(pg_temp.ids(pg_temp.page('lu-', 'premium')), '["lu-2"]', 'by plan');
select is(pg_temp.ids(pg_temp.page('lu-', null, 'none')),
	'["lu-5", "lu-4", "lu-3", "lu-1"]', 'by status');
select is(pg_temp.ids(pg_temp.page('lu-', since => a.created_at,
		till => b.created_at)), '["lu-3", "lu-2"]',
	'by time: from is in it, to is not')
	from florin.users a, florin.users b
	where a.user_id = 'lu-2' and b.user_id = 'lu-4';
create temp table p1 as select pg_temp.page('lu-', size => 2) as p;
select is(pg_temp.ids(p), '["lu-5", "lu-4"]', 'a page') from p1;
select is(pg_temp.ids(pg_temp.page('lu-', size => 3,
	cursor => p ->> 'next_cursor')), '["lu-3", "lu-2", "lu-1"]',
	'and the next') from p1;
select is((p #> '{data,0}') - 'created_at', '{"user_id": "lu-5",
	"email": "Lu5@Example.com", "display_name": "Name 5", "balance": 50,
	"held": 0, "level": 1, "frozen": false, "plan": null, "period": null,
	"status": "none", "monthly_credits": null, "started_at": null,
	"expires_at": null, "next_reset_at": null}', 'a row') from p1;
select is(pg_temp.page('lu-3') #> '{data,0,balance}', '59', 'before');
create temp table before as select t.picture('lu-3') as p;
select t.sleep('1 h');
select is(pg_temp.page('lu-3') #> '{data,0,balance}', '50',
	'what has expired does not count');
select cmp_ok((pg_temp.page('lu-3') ->> 'as_of')::timestamptz, '<=', t.now(),
	'as of now');
select is(t.picture('lu-3'), p, 'but nothing was settled') from before;
select t.sleep('2 months');
select is(pg_temp.ids(pg_temp.page('lu-', null, 'expired')), '["lu-2"]',
	'a membership that is over is expired');
select is(t.field_fault($$select pg_temp.page(cursor => 'ab')$$),
	'{"field": "cursor", "code": "format"}', 'not a cursor');
select t.all_well('lu-' || n) from generate_series(1, 5) n;
select finish();
