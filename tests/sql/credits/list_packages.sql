-- florin_api.list_packages: what is for sale, cheapest first.
select no_plan();
select t.package('lp-b', 500, 400), t.package('lp-a', 100, 100),
	t.package('lp-c', 9, 900), t.package('lp-d', 1, 50, currency => 'USD');
update florin.credit_packages set available = false where package_id = 'lp-c';
create function pg_temp.listed("limit" bigint, cursor text default null)
returns jsonb language sql as $$
	select jsonb_build_array(jsonb_path_query_array(body::jsonb,
		'$.data[*].package_id'), body::jsonb -> 'has_more',
		body::jsonb -> 'next_cursor')
	from florin_api.list_packages('', "limit", cursor)
$$;
select is(pg_temp.listed(null), '[["lp-a", "lp-b", "lp-d"], false, null]',
	'by currency and price');
select is(pg_temp.listed(2), '[["lp-a", "lp-b"], true, "2"]', 'a page');
select is(pg_temp.listed(2, '2'), '[["lp-d"], false, null]', 'the next');
select is(t.field_fault($$select pg_temp.listed(2, 'x')$$),
	'{"field": "cursor", "code": "format"}', 'no cursor');

-- What a 402 suggests: the cheapest that suffices, one for each currency.
select t.register('lp-1');
create function pg_temp.suggested(amount bigint) returns jsonb
language sql as $$
	select jsonb_path_query_array(t.fault(format(
		'select t.consume(''lp-1'', %s)', amount)),
		'$.extras.suggestions[*].package_id')
$$;
select is(pg_temp.suggested(51), '["lp-a", "lp-d"]', 'one is missing');
select is(pg_temp.suggested(150), '["lp-a"]', 'a hundred');
select is(pg_temp.suggested(151), '["lp-b"]', 'one more');
update florin.credit_packages set bonus_credits = 1 where package_id = 'lp-a';
select is(pg_temp.suggested(151), '["lp-a"]', 'bonus counts');
select is(pg_temp.suggested(9007199254740991), '[]', 'none suffices');
delete from florin.credit_packages;
select finish();
