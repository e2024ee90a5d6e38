-- The rows of a user's ledger that a list asks for, newest first, below seq
-- `before`; what is null does not count.  `of_grant`: rows that fed that grant
-- or drew from it, so that each credit can be followed from where it came.
-- A filter that few rows pass walks the ledger down to them (of_grant: not
-- below the grant's begin): 0.2 µs a row, 0.7 µs with of_grant; no index on
-- draws, which each write would pay for.
create or replace function florin.find_transactions(
	uid text, of_kind text, since timestamptz, until timestamptz,
	of_type text, of_id text, of_grant bigint, before bigint,
	rows_max bigint)
returns setof florin.credit_transactions
language sql stable
as $$
	select l.* from florin.credit_transactions l
	where l.user_id = uid
		and (before is null or l.seq < before)
		and (of_kind is null or l.kind = of_kind)
		and (since is null or l.created_at >= since)
		and (until is null or l.created_at < until)
		and (of_type is null or l.reference_type = of_type)
		and (of_id is null or l.reference_id = of_id)
		and (of_grant is null or (
			l.draws @> (select jsonb_build_array(
				jsonb_build_object('grant_id', of_grant))) -- once, not by row
			and l.seq > (select florin.seq_at(uid,
				g.effective_at - interval '1 us')
				from florin.grants g
				where g.user_id = uid and g.id = of_grant)))
	order by l.seq desc
	limit rows_max
$$;
