-- GET /api/credits/holds: a user's open holds, newest first.
create or replace function florin_api.list_holds(
	caller text, user_id text, "limit" bigint, cursor text)
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
	select array_agg(hold_json(p.h) order by (p.h).transaction_id desc),
		array_agg((p.h).transaction_id order by (p.h).transaction_id desc)
		into rows, seqs
		from (
			select h from holds h
			where h.user_id = list_holds.user_id and h.status = 'open'
				and (before is null or h.transaction_id < before)
			order by h.transaction_id desc
			limit page + 1
		) p;
	return list_answer(rows, page, seqs[page]::text);
end
$$;
