-- florin_api.list_holds: the open ones, newest first, in pages.
select no_plan();

create function pg_temp.list("limit" bigint default null,
	cursor text default null, uid text default 'lh-1')
returns jsonb language sql as $$
	select body::jsonb from florin_api.list_holds('user', uid, "limit",
		cursor)
$$;
create function pg_temp.amounts(list jsonb) returns integer[]
language sql as $$
	select array(select (e ->> 'amount')::integer
		from jsonb_array_elements(list -> 'data')
			with ordinality as x (e, place) order by place)
$$;

select t.register('lh-1'), t.register('lh-2');
select is(pg_temp.list(), '{"data": [], "has_more": false,
	"next_cursor": null}', 'none');
create temp table made as select t.hold('lh-1', n) as b
	from generate_series(1, 6) n;
select is(pg_temp.amounts(pg_temp.list()), array[6, 5, 4, 3, 2, 1],
	'newest first');
select is(pg_temp.list() #> '{data,5}', b -> 'hold', 'in full') from made
	limit 1;
select t.capture('lh-1', id), t.release('lh-1', id) from (
	select id from florin.holds where user_id = 'lh-1' and amount = 9) x;
select t.capture('lh-1', id) from florin.holds
	where user_id = 'lh-1' and amount = 5;
select t.release('lh-1', id) from florin.holds
	where user_id = 'lh-1' and amount = 2;
select is(pg_temp.amounts(pg_temp.list()), array[6, 4, 3, 1],
	'those that ended are gone');
select is(pg_temp.amounts(pg_temp.list(3)), array[6, 4, 3], 'a page');
select is(pg_temp.list(3) - 'data', jsonb_build_object('has_more', true,
	'next_cursor', (select transaction_id::text from florin.holds
	where user_id = 'lh-1' and amount = 3)), 'there is more');
select is(pg_temp.amounts(pg_temp.list(3, pg_temp.list(3)
	->> 'next_cursor')), array[1], 'the next page');
select is(pg_temp.list(4) -> 'has_more', 'false', 'exactly all');
select is(pg_temp.list(uid => 'lh-2') -> 'data', '[]',
	'nobody else''s');
select t.sleep('15 min');
select is(pg_temp.list() -> 'data', '[]', 'their time is over');
select is(t.field_fault('select pg_temp.list(cursor => ''x'')'),
	'{"field": "cursor", "code": "format"}', 'no cursor');
select t.refused('select pg_temp.list(uid => ''lh-none'')', 'lh-none',
	'user_not_found');
select t.all_well('lh-1');
select finish();
