-- A cell of a CSV file (RFC 4180).  What a spreadsheet would take for a
-- formula gets an apostrophe before it: the texts are strangers'.
create or replace function florin.csv_cell(cell text) returns text
language sql immutable
as $$
	select case when s.safe ~ '[",\r\n]' or s.safe ~ '^\s|\s$'
		then '"' || replace(s.safe, '"', '""') || '"'
		else coalesce(s.safe, '') end
	from (select case when cell ~ '^\s*[=+@＝＋－＠-]' or cell ~ '^[\t\r\n]'
		then '''' || cell else cell end) s (safe)
$$;

-- A ledger row as a line of such a file, and the line above all.
create or replace function florin.csv_head() returns text
language sql immutable
as $$
	select 'id,created_at,effective_at,kind,amount,balance_after,reason,'
		|| 'reference_type,reference_id,actor,draws' || E'\r\n'
$$;

create or replace function florin.csv_line(t florin.credit_transactions)
returns text
language sql stable
as $$
	select concat_ws(',', t.seq, to_json(t.created_at) #>> '{}',
		to_json(t.effective_at) #>> '{}', t.kind, t.amount, t.balance_after,
		florin.csv_cell(t.reason), florin.csv_cell(t.reference_type),
		florin.csv_cell(t.reference_id), florin.csv_cell(t.actor),
		florin.csv_cell((
			select string_agg(format('%s #%s %s', d ->> 'source',
				d ->> 'grant_id', d ->> 'amount'), '; ' order by place)
			from jsonb_array_elements(t.draws)
				with ordinality as e (d, place)))) || E'\r\n'
$$;
