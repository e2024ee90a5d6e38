-- florin_admin.list_all_orders: all users' orders.
select no_plan();
create function pg_temp.page(uid text default null, status text default null,
	provider text default null, since timestamptz default null,
	until timestamptz default null, size bigint default null,
	cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_all_orders('admin:root', uid,
		status, provider, since, until, size, cursor)
$$;
create function pg_temp.ids(page jsonb) returns text[] language sql as $$
	select array_agg(e ->> 'id' order by n)
	from jsonb_array_elements(page -> 'data') with ordinality as x (e, n)
$$;
select t.package('lo-p', 100, 990);
select t.register('lo-' || n) from generate_series(1, 2) n;
create temp table made as
	select n, t.order('lo-' || 1 + n % 2, 'lo-p',
		case when n < 3 then 'stripe' else 'wechat' end) as id
	from generate_series(1, 4) n;
select t.complete('lo-2', id, 'lo-ref', 990) from made where n = 1;
select is((pg_temp.ids(pg_temp.page(size => 4))),
	(select array_agg(id order by n desc) from made), 'newest first');
select is(pg_temp.ids(pg_temp.page(size => 2, cursor => id)),
	(select array_agg(m.id order by m.n desc) from made m where m.n < 3),
	'the next page') from made where n = 3;
select is(pg_temp.ids(pg_temp.page('lo-2')),
	(select array_agg(id order by n desc) from made where n % 2 = 1),
	'of a user');
select is(pg_temp.ids(pg_temp.page('lo-2', 'paid')), array[id], 'of a status')
	from made where n = 1;
select is(pg_temp.ids(pg_temp.page('lo-2', provider => 'wechat')), array[id],
	'of a provider') from made where n = 3;
select is(pg_temp.ids(pg_temp.page('lo-1', until => o.created_at)),
	array[a.id], '`to` is not part of it')
	from made a, made b join florin.payment_orders o using (id)
	where a.n = 2 and b.n = 4;
select is(pg_temp.ids(pg_temp.page('lo-1', since => o.created_at)),
	array[b.id], '`from` is') from made b
	join florin.payment_orders o using (id) where b.n = 4;
select t.sleep('1 hour');
select is(cardinality(pg_temp.ids(pg_temp.page('lo-1', 'expired'))), 2,
	'nobody settled them, their time is over');
select is(t.field_fault($$select pg_temp.page(cursor => 'x')$$),
	'{"field": "cursor", "code": "format"}', 'not a cursor');
select t.all_well('lo-' || n) from generate_series(1, 2) n;
delete from florin.credit_packages where package_id = 'lo-p';
select finish();
