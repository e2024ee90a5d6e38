-- florin_api.export_transactions: the ledger as CSV, in pages that make one
-- file; safe in a spreadsheet.
select no_plan();

-- Cells.
select is(florin.csv_cell(cell), wanted, format('%s: %L', name, cell)) from (
	values ('plain', 'an image', 'an image'), ('null', null, ''),
	('empty', '', ''), ('comma', 'a,b', '"a,b"'),
	('quote', 'say "hi"', '"say ""hi"""'),
	('line', E'a\nb', E'"a\nb"'), ('return', E'a\rb', E'"a\rb"'),
	('blanks', ' a ', '" a "'), ('Chinese', '图片', '图片'),
	('formula', '=1+1', '''=1+1'), ('plus', '+1', '''+1'),
	('minus', '-1', '''-1'), ('at', '@x', '''@x'),
	('tab', E'\t=1', E'''\t=1'), ('return', E'\r=1', E'"''\r=1"'),
	('wide', '＝1', '''＝1'),
	('quoted', '=cmd|"/c calc",1', '"''=cmd|""/c calc"",1"'),
	('inside', 'a=1', 'a=1'), ('apostrophe', '''x', '''x'))
	as v (name, cell, wanted);
select is(florin.csv_cell(' =1'), ''' =1', 'a formula after a blank');

create function pg_temp.export(kind text default null,
	grant_id bigint default null, "limit" bigint default null,
	cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.export_transactions('user', 'ex-1',
		kind, null, null, null, null, grant_id, "limit", cursor)
$$;
select t.register('ex-1');
select florin_api.consume_credits('service:be', 'ex-1', null, null, null,
	null, 5, '=1+1, "x"', 'image', '7');
select t.give('ex-1', 9, priority => 1);
select t.consume('ex-1', 10);
create temp table wanted as
	select format('%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s', seq,
		to_json(created_at) #>> '{}', to_json(effective_at) #>> '{}', kind,
		amount, balance_after, v.reason, type, id, actor, v.draws) || E'\r\n'
		as line, seq
	from florin.credit_transactions l, (values
		(1, null, null, null, 'registration #1 50'),
		(2, '"''=1+1, ""x"""', 'image', '7', 'registration #1 5'),
		(3, 'a gift', null, null, 'bonus #2 9'),
		(4, 'a reason', null, null, 'bonus #2 9; registration #1 1'))
		v (number, reason, type, id, draws)
	where user_id = 'ex-1' and seq = number;
create function pg_temp.lines(ids integer[]) returns text
language plpgsql as $$
begin
	return (select string_agg(w.line, '' order by place)
		from unnest(ids) with ordinality as i (id, place)
		join wanted w on w.seq = i.id);
end
$$;
select is(pg_temp.export() ->> 'csv', florin.csv_head()
	|| pg_temp.lines(array[4, 3, 2, 1]),
	'newest first, under a head');
select is(pg_temp.export() -> 'next_cursor', 'null', 'that is all');
select is(florin.csv_head(), 'id,created_at,effective_at,kind,amount,'
	'balance_after,reason,reference_type,reference_id,actor,draws' || E'\r\n',
	'the head');
select is(pg_temp.export("limit" => 3) -> 'next_cursor', '"2"',
	'there is more');
select is(pg_temp.export("limit" => 3, cursor => '2') ->> 'csv',
	pg_temp.lines(array[1]), 'the next page has no head');
select is(pg_temp.export("limit" => 4) -> 'next_cursor', 'null',
	'exactly all');
select is(pg_temp.export(kind => 'reset') ->> 'csv', florin.csv_head(),
	'no rows: a head alone');
select is(pg_temp.export(grant_id => 2) ->> 'csv', florin.csv_head()
	|| pg_temp.lines(array[4, 3]), 'filters');
select is(t.field_fault('select pg_temp.export(cursor => ''x'')'),
	'{"field": "cursor", "code": "format"}', 'no cursor');
select t.refused($$select florin_api.export_transactions('user', 'ex-none',
	null, null, null, null, null, null, null, null)$$, 'ex-none',
	'user_not_found');
select t.all_well('ex-1');
select finish();
