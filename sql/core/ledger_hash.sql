-- The hash of a ledger row: SHA-256 of the previous hash and the row's
-- canonical bytes.  Each field in fixed order with its length in bytes before
-- it (absent: "-"), times in microseconds since 1970, the reason by its own
-- hash, so that it can be erased.
create or replace function florin.counted(field text) returns text
language sql immutable
as $$ select coalesce(octet_length(field) || ':' || field, '-') $$;

create or replace function florin.ledger_hash(t florin.credit_transactions)
returns bytea
language sql stable
as $$
	select sha256(t.prev_hash || convert_to(
		florin.counted(t.user_id)
		|| florin.counted(t.seq::text)
		|| florin.counted(t.kind)
		|| florin.counted(t.amount::text)
		|| florin.counted(t.balance_after::text)
		|| florin.counted(t.draws::text)
		|| florin.counted(encode(t.reason_hash, 'hex'))
		|| florin.counted(t.reference_type)
		|| florin.counted(t.reference_id)
		|| florin.counted(t.actor)
		|| florin.counted((extract(epoch from t.created_at)
			* 1000000)::bigint::text)
		|| florin.counted((extract(epoch from t.effective_at)
			* 1000000)::bigint::text),
		'UTF8'))
$$;
