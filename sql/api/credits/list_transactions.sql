-- GET /api/credits/transactions: a user's ledger, newest first.
create or replace function florin_api.list_transactions(
	caller text, user_id text, kind text, "from" timestamptz, "to" timestamptz,
	reference_type text, reference_id text, grant_id bigint, "limit" bigint,
	cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	before constant bigint := cursor_seq(cursor);
	rows json[];
	seqs bigint[];
begin
	perform touch(user_id, caller);
	select array_agg(transaction_json(l) order by l.seq desc),
		array_agg(l.seq order by l.seq desc)
		into rows, seqs
		from find_transactions(user_id, kind, "from", "to", reference_type,
			reference_id, grant_id, before, page + 1) l;
	return list_answer(rows, page, seqs[page]::text);
end
$$;
