-- GET /api/admin/transactions: the ledgers of all users, newest first.  Reads
-- back in time by spans that grow, so that a page costs what it shows.
create or replace function florin_admin.list_all_transactions(
	caller text, user_id text, kind text, reference_type text,
	reference_id text, "from" timestamptz, "to" timestamptz, "limit" bigint,
	cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	place constant list_place := list_place(cursor);
	oldest constant timestamptz := coalesce("from",
		(select i.installed_at from installation i) - interval '1 s');
	newest constant timestamptz := least("to", clock());
	span interval := interval '1 h';
	rows json[];
	cursors text[];
begin
	loop
		select array_agg(transaction_json(p.l) order by (p.l).created_at desc,
				(p.l).user_id desc, (p.l).seq desc),
			array_agg(place_cursor((p.l).created_at, (p.l).user_id,
				(p.l).seq) order by (p.l).created_at desc,
				(p.l).user_id desc, (p.l).seq desc)
			into rows, cursors
			from (
				select l from credit_transactions l
				where l.created_at >= greatest(oldest,
						coalesce((place).at, newest) - span)
					and l.created_at <= coalesce((place).at, newest)
					and ("to" is null or l.created_at < "to")
					and (place is null or (l.created_at, l.user_id, l.seq)
						< ((place).at, (place).id, (place).seq))
					and (list_all_transactions.user_id is null
						or l.user_id = list_all_transactions.user_id)
					and (list_all_transactions.kind is null
						or l.kind = list_all_transactions.kind)
					and (list_all_transactions.reference_type is null
						or l.reference_type
							= list_all_transactions.reference_type)
					and (list_all_transactions.reference_id is null
						or l.reference_id
							= list_all_transactions.reference_id)
				order by l.created_at desc, l.user_id desc, l.seq desc
				limit page + 1
			) p;
		exit when cardinality(rows) > page
			or coalesce((place).at, newest) - span <= oldest;
		span := span * 8;
	end loop;
	return list_answer(rows, page, cursors[page]);
end
$$;
