-- How much of a ledger row has been refunded.
create or replace function florin.refunded(t florin.credit_transactions)
returns bigint
language sql stable
as $$
	select coalesce(sum(r.amount), 0)::bigint
	from florin.credit_transactions r
	where r.user_id = t.user_id and r.kind = 'refund'
		and r.reference_type = 'transaction' and r.reference_id = t.seq::text
$$;
