-- The plans with their prices, lowest first, page by page.
begin;
select no_plan();
create function pg_temp.plans(size bigint, cursor text) returns jsonb
language sql as $$
	select body::jsonb from florin_api.list_plans('user', 'anybody', size,
		cursor)
$$;
select is(jsonb_path_query_array(pg_temp.plans(null, null), '$.data[*].plan'),
	'["lite", "pro", "premium"]', 'by rank');
select is(jsonb_path_query_array(pg_temp.plans(null, null),
	'$.data[*].monthly_credits'), '[100, 250, 600]', 'with their quota');
select is((pg_temp.plans(null, null) #> '{data,0}') - 'prices',
	'{"plan": "lite", "rank": 1, "available": true, "monthly_credits": 100}',
	'members');
select is(jsonb_path_query_array(pg_temp.plans(null, null),
	'$.data[0].prices[*].period'), '["monthly", "yearly"]', 'prices');
select is(pg_temp.plans(2, null) - 'data',
	'{"has_more": true, "next_cursor": "2"}', 'a page');
select is(jsonb_path_query_array(pg_temp.plans(2, '2'), '$.data[*].plan'),
	'["premium"]', 'the next one');
select is(t.field_fault($$select pg_temp.plans(2, 'x')$$),
	'{"field": "cursor", "code": "format"}', 'no cursor');
select finish();
rollback;
