-- The hash of a ledger row: SHA-256 of the previous hash and the row's
-- canonical bytes.  Fields stand in fixed order; numbers end with a comma,
-- texts have their length in bytes before them (0 and no text: absent), times
-- are microseconds since 1970, the reason stands by its own hash, so that it
-- can be erased.  (One expression: this runs with each operation, and calls
-- of functions in SQL cost more than all of it.)
create or replace function florin.ledger_hash(t florin.credit_transactions)
returns bytea
language sql stable
as $$
	select sha256(t.prev_hash || t.reason_hash || convert_to(concat(
		octet_length(t.user_id), ':', t.user_id,
		t.seq, ',', t.amount, ',', t.balance_after, ',',
		octet_length(t.kind), ':', t.kind,
		octet_length(t.draws::text), ':', t.draws::text,
		coalesce(octet_length(t.reference_type), 0), ':', t.reference_type,
		coalesce(octet_length(t.reference_id), 0), ':', t.reference_id,
		octet_length(t.actor), ':', t.actor,
		(extract(epoch from t.created_at) * 1000000)::bigint, ',',
		(extract(epoch from t.effective_at) * 1000000)::bigint, ','),
		'UTF8'))
$$;
