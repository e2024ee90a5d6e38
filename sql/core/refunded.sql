-- How much of a ledger row has been refunded.
create or replace function florin.refunded(t florin.credit_transactions)
returns bigint
language plpgsql stable
as $$
begin
	return (
		select coalesce(sum(r.amount), 0)::bigint
		from florin.credit_transactions r
		where r.user_id = t.user_id and r.kind = 'refund'
			and r.reference_type = 'transaction'
			and r.reference_id = t.seq::text);
end
$$;

-- How much a ledger row has spent, and so could be refunded in all: a consume
-- its amount, a captured hold what was captured.  Null: nothing ever.
create or replace function florin.spent_by(t florin.credit_transactions)
returns bigint
language plpgsql stable
as $$
begin
	return case t.kind
		when 'consume' then -t.amount
		when 'hold' then (
			select h.captured from florin.holds h
			where h.user_id = t.user_id and h.id = t.reference_id
				and h.status = 'captured')
		end;
end
$$;
