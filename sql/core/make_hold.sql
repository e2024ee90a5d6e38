-- A hold of the credits that the ledger row t has taken.
create or replace function florin.make_hold(
	w florin.wallets, t florin.credit_transactions, life interval)
returns florin.holds
language plpgsql
as $$
declare
	h florin.holds;
begin
	insert into florin.holds
		(user_id, id, amount, reason, created_by, transaction_id, created_at,
		expires_at)
	values (w.user_id, t.reference_id, -t.amount, t.reason, t.actor, t.seq,
		t.effective_at, t.effective_at + life)
	returning * into h;
	return h;
end
$$;

-- The answer to the end of a hold: `transaction` is null where nothing
-- returned.
create or replace function florin.hold_answer(
	w florin.wallets, h florin.holds, t florin.credit_transactions)
returns text
language sql stable
as $$
	select json_build_object('hold', florin.hold_json(h),
		'transaction', case when t.seq is not null
			then florin.transaction_json(t) end,
		'wallet', florin.wallet_json(w))::text
$$;
