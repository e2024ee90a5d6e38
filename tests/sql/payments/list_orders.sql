-- florin_api.list_orders: newest first, in pages.
select no_plan();
select t.package('lst', 1, 100);
select t.register('lst-1');
create temp table o as select n, t.order('lst-1', 'lst') as id
	from generate_series(1, 5) n;
create function pg_temp.listed(status text default null,
	"limit" bigint default null, cursor text default null,
	"from" timestamptz default null, "to" timestamptz default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.list_orders('user', 'lst-1', status,
		"from", "to", "limit", cursor)
$$;
create function pg_temp.ids(list jsonb) returns text[] language sql as $$
	select array_agg(e ->> 'id' order by place)
	from jsonb_array_elements(list -> 'data') with ordinality d (e, place)
$$;
select is(pg_temp.ids(pg_temp.listed()), (select array_agg(id order by id desc)
	from o), 'all, newest first');
create temp table page as select pg_temp.listed("limit" => 2) as p;
select is(p -> 'has_more', 'true', 'more follows') from page;
select is(pg_temp.ids(p) || pg_temp.ids(pg_temp.listed("limit" => 3,
	cursor => p ->> 'next_cursor')), (select array_agg(id order by id desc)
	from o), 'a page, and the next') from page;
select is(pg_temp.listed("limit" => 5) -> 'has_more', 'false', 'the last page');
select florin_api.cancel_order('user', 'lst-1', null, null, id) from o
	where n = 3;
select is(pg_temp.ids(pg_temp.listed('cancelled')), array[id], 'by status')
	from o where n = 3;
select t.sleep('1 h');
select is(jsonb_array_length(pg_temp.listed('expired') -> 'data'), 4,
	'those whose time is over are expired');
select is(pg_temp.listed('pending') -> 'data', '[]', 'not pending');
select is(pg_temp.listed("from" => t.now()) -> 'data', '[]', 'from');
select is(jsonb_array_length(pg_temp.listed("to" => t.now()) -> 'data'), 5,
	'to');
select is(t.field_fault($$select pg_temp.listed(cursor => 'x')$$),
	'{"field": "cursor", "code": "format"}', 'no cursor');
delete from florin.credit_packages;
select finish();
