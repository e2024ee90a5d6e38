-- florin_api.list_features: by name, in pages.
select no_plan();

begin;
delete from florin.features;
select is(body::jsonb, '{"data": [], "has_more": false, "next_cursor": null}',
	'none') from florin_api.list_features('', null, null);
insert into florin.features values
	('b.2', 'x', 0, 'http://127.0.0.1:1/x', 20, null),
	('a-1', 'x', 5, 'http://127.0.0.1:1/x', 20, 'pro'),
	('c_3', 'x', 1, 'http://127.0.0.1:1/x', 20, null);
create temp table page as select body::jsonb as b
	from florin_api.list_features('', 2, null);
select is(b -> 'data', '[{"feature": "a-1", "cost": 5, "min_plan": "pro"},
	{"feature": "b.2", "cost": 0, "min_plan": null}]', 'by name') from page;
select is(body::jsonb -> 'data', '[{"feature": "c_3", "cost": 1,
	"min_plan": null}]', 'the next page') from page,
	florin_api.list_features('', 2, b ->> 'next_cursor');
select is(t.field_fault(format($$select florin_api.list_features('', 2, %L)$$,
	cursor)), '{"field": "cursor", "code": "format"}',
	'no cursor: ' || cursor)
	from unnest(array['17x', '1', 'ff', '6', repeat('61', 65)]) cursor;
select finish();
rollback;
