-- GET /api/credits/transactions: a user's ledger, newest first.
create or replace function florin_api.list_transactions(
	caller text, user_id text, kind text, "from" timestamptz, "to" timestamptz,
	reference_type text, reference_id text, "limit" bigint, cursor text)
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
	select array_agg(transaction_json(p.l) order by (p.l).seq desc),
		array_agg((p.l).seq order by (p.l).seq desc)
		into rows, seqs
		from (
			select l from credit_transactions l
			where l.user_id = list_transactions.user_id
				and (before is null or l.seq < before)
				and (list_transactions.kind is null
					or l.kind = list_transactions.kind)
				and ("from" is null or l.created_at >= "from")
				and ("to" is null or l.created_at < "to")
				and (list_transactions.reference_type is null
					or l.reference_type = list_transactions.reference_type)
				and (list_transactions.reference_id is null
					or l.reference_id = list_transactions.reference_id)
			order by l.seq desc
			limit page + 1
		) p;
	return list_answer(rows, page, seqs[page]::text);
end
$$;
