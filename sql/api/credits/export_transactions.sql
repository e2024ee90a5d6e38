-- GET /api/credits/transactions/export: a user's ledger as CSV, newest first,
-- in pages that make one file when they are put together: only the first has
-- the head.  {csv, next_cursor}: src/api/export.c makes text and a link of it.
create or replace function florin_api.export_transactions(
	caller text, user_id text, kind text, "from" timestamptz, "to" timestamptz,
	reference_type text, reference_id text, grant_id bigint, "limit" bigint,
	cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 1000);
	before constant bigint := cursor_seq(cursor);
	lines text[];
	seqs bigint[];
begin
	perform touch(user_id, caller);
	select array_agg(csv_line(l) order by l.seq desc),
		array_agg(l.seq order by l.seq desc)
		into lines, seqs
		from find_transactions(user_id, kind, "from", "to", reference_type,
			reference_id, grant_id, before, page + 1) l;
	return (200, json_build_object(
		'csv', case when before is null then csv_head() else '' end
			|| coalesce(array_to_string(lines[1:page::integer], ''), ''),
		'next_cursor', case when cardinality(lines) > page
			then seqs[page]::text end)::text,
		false, null)::answer;
end
$$;
