-- florin_admin.list_credit_sources; and how every list of the catalogue pages.
select no_plan();
create function pg_temp.page(size bigint, cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.list_credit_sources('admin:root',
		size, cursor)
$$;

select is((select array_agg(r ->> 'source' order by r ->> 'source')
	from jsonb_array_elements(pg_temp.page(200) -> 'data') r),
	(select array_agg(source order by source) from florin.credit_sources),
	'all of them');
create temp table walk as
	with recursive page as (
		select pg_temp.page(2) as p
		union all
		select pg_temp.page(2, p ->> 'next_cursor') from page
		where (p ->> 'has_more')::boolean
	) select p from page;
select is((select array_agg(r ->> 'source' order by r ->> 'source')
	from walk, jsonb_array_elements(p -> 'data') r),
	(select array_agg(source order by source) from florin.credit_sources),
	'page by page: each once');
select is(t.field_fault($$select pg_temp.page(2, 'zz')$$),
	'{"field": "cursor", "code": "format"}', 'not a cursor');
select is(t.field_fault($$select pg_temp.page(2, 'ff')$$),
	'{"field": "cursor", "code": "format"}', 'not a text');

select finish();
