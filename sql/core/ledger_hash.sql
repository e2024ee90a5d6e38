-- The hash of a ledger row: SHA-256 of the previous hash and the row's
-- canonical bytes.  Fields stand in fixed order; numbers end with a comma,
-- texts have their length in bytes before them (0 and no text: absent), times
-- are microseconds since 1970, the reason stands by its own hash, so that it
-- can be erased.  (One expression: this runs with each operation, and calls
-- of functions in SQL cost more than all of it.  Of format()'s arguments those
-- of one type stand together: it looks a type up when it changes.)
create or replace function florin.ledger_hash(t florin.credit_transactions)
returns bytea
language sql stable
as $$
	select sha256(t.prev_hash || t.reason_hash || convert_to(format(
		'%6$s:%12$s%3$s,%4$s,%5$s,%7$s:%13$s%8$s:%17$s%9$s:%14$s%10$s:%15$s'
		'%11$s:%16$s%1$s,%2$s,',
		(extract(epoch from t.created_at) * 1000000)::bigint,
		(extract(epoch from t.effective_at) * 1000000)::bigint,
		t.seq, t.amount, t.balance_after,
		octet_length(t.user_id), octet_length(t.kind),
		octet_length(t.draws::text),
		coalesce(octet_length(t.reference_type), 0),
		coalesce(octet_length(t.reference_id), 0),
		octet_length(t.actor),
		t.user_id, t.kind, t.reference_type, t.reference_id, t.actor,
		t.draws), 'UTF8'))
$$;
