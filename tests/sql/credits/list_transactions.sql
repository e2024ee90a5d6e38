-- florin_api.list_transactions: newest first, in pages, with filters.
select no_plan();

create function pg_temp.list(
	kind text default null, "from" timestamptz default null,
	"to" timestamptz default null, reference_type text default null,
	reference_id text default null, grant_id bigint default null,
	"limit" bigint default null, cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.list_transactions('user', 'ls-1',
		kind, "from", "to", reference_type, reference_id, grant_id, "limit",
		cursor)
$$;
create function pg_temp.ids(list jsonb) returns integer[]
language sql as $$
	select array(select (e ->> 'id')::integer
		from jsonb_array_elements(list -> 'data')
			with ordinality as x (e, place) order by place)
$$;

select t.register('ls-1');
select is(pg_temp.list() - 'data', '{"has_more": false, "next_cursor": null}',
	'a short list');
select is(pg_temp.list(kind => 'consume'), '{"data": [], "has_more": false,
	"next_cursor": null}', 'an empty one');
select t.give('ls-1', 1000);
select florin_api.consume_credits('user', 'ls-1', null, null, null, null, 1,
	'x', case when n % 2 = 0 then 'image' end,
	case when n % 2 = 0 then n::text end) from generate_series(1, 58) n;

select is(cardinality(pg_temp.ids(pg_temp.list())), 50, '50 without a limit');
select is(pg_temp.ids(pg_temp.list("limit" => 3)), array[60, 59, 58],
	'newest first');
select is(pg_temp.list("limit" => 3) - 'data',
	'{"has_more": true, "next_cursor": "58"}', 'there is more');
select is(pg_temp.ids(pg_temp.list("limit" => 3, cursor => '58')),
	array[57, 56, 55], 'the next page');
select is(pg_temp.list("limit" => 60) - 'data',
	'{"has_more": false, "next_cursor": null}', 'exactly all');
select is(pg_temp.list(cursor => '1'), '{"data": [], "has_more": false,
	"next_cursor": null}', 'after the last');

-- Pages put together are the ledger, whatever comes in between.
create function pg_temp.walk(page bigint) returns integer[]
language plpgsql as $$
declare
	list jsonb;
	cursor text;
	ids integer[] := '{}';
begin
	loop
		list := pg_temp.list("limit" => page, cursor => cursor);
		ids := ids || pg_temp.ids(list);
		cursor := list ->> 'next_cursor';
		exit when cursor is null or cardinality(ids) > 100;
	end loop;
	return ids;
end
$$;
select is(pg_temp.walk(n), array(select generate_series(60, 1, -1)),
	format('pages of %s', n)) from unnest(array[1, 7, 59, 60, 200]) n;

-- Filters.
select is(pg_temp.ids(pg_temp.list(kind => 'grant')), array[2], 'kind');
select is(pg_temp.ids(pg_temp.list(kind => 'nonsense')), '{}', 'no such kind');
select is(cardinality(pg_temp.ids(pg_temp.list(reference_type => 'image'))),
	29, 'reference_type');
select is(pg_temp.ids(pg_temp.list(reference_type => 'image',
	reference_id => '8')), array[10], 'reference');
select is(pg_temp.ids(pg_temp.list(reference_id => '8')), array[10],
	'reference_id alone');
create temp table moment as select seq, created_at
	from florin.credit_transactions where user_id = 'ls-1';
select is(pg_temp.ids(pg_temp.list(
	"from" => (select created_at from moment where seq = 10),
	"to" => (select created_at from moment where seq = 13))),
	array[12, 11, 10], '[from, to)');
select is(pg_temp.list(kind => 'consume', "limit" => 2, cursor => '6') - 'data',
	'{"has_more": true, "next_cursor": "4"}', 'filters page too');
select is(pg_temp.ids(pg_temp.list(kind => 'consume', "limit" => 2,
	cursor => '5')), array[4, 3], 'a filtered page');
select is(pg_temp.list(kind => 'consume', "limit" => 2, cursor => '5')
	-> 'has_more', 'false', 'that has no more');

-- A grant's whole story: where it came from, who drew from it, what came
-- back, how it ended.
select t.register('ls-3');
select t.give('ls-3', 10, expires_at => t.now() + '1 d', priority => 1),
	t.give('ls-3', 5);
select t.consume('ls-3', 4), t.consume('ls-3', 60), t.refund('ls-3', 5, 57),
	t.consume('ls-3', 1), t.refund('ls-3', 4);
select t.sleep('1 d');
create function pg_temp.story(of_grant bigint, "limit" bigint default null,
	cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.list_transactions('user', 'ls-3', null,
		null, null, null, null, of_grant, "limit", cursor)
$$;
select is(pg_temp.ids(pg_temp.story(2)), array[9, 8, 7, 6, 5, 4, 2],
	'every row that names the grant');
select is((select sum((d ->> 'amount')::bigint
	* sign((e ->> 'amount')::numeric))
	from jsonb_array_elements(pg_temp.story(2) -> 'data') e,
		jsonb_array_elements(e -> 'draws') d
	where d ->> 'grant_id' = '2'), 0::numeric, 'together what remains of it');
select is(pg_temp.ids(pg_temp.story(3)), array[6, 5, 3], 'another''s');
select is(pg_temp.ids(pg_temp.story(9)), '{}', 'no such grant');
select is(pg_temp.ids(pg_temp.story(2, 3, '8')), array[7, 6, 5], 'in pages');

-- Cursors of somebody else's making.
select is(t.field_fault(format('select pg_temp.list(cursor => %L)', c)),
	'{"field": "cursor", "code": "format"}', 'no cursor: ' || c)
	from unnest(array['', '0', '-1', 'x', '1x', '01', '1.0',
		'99999999999999999']) c;

select t.refused($$select florin_api.list_transactions('user', 'ls-none',
	null, null, null, null, null, null, null, null)$$, 'ls-none',
	'user_not_found');
select t.register('ls-2');
select is(jsonb_array_length(body::jsonb -> 'data'), 1,
	'nobody else''s rows') from florin_api.list_transactions('user', 'ls-2',
	null, null, null, null, null, null, null, null);

-- Settled first.
select t.give('ls-1', 5, expires_at => t.now() + '1 h');
select t.sleep('1 h');
select is(pg_temp.list("limit" => 1) #> '{data,0,kind}', '"expire"',
	'what was due stands in the list');
select t.all_well('ls-1');
select finish();
