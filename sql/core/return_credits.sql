-- Credits come back: write the row t (kind, amount, reason, reference, actor
-- and, if it was due earlier, effective_at) that returns t.amount credits of
-- the ledger row `taken`, of which `returned` came back before, to the grants
-- that they were drawn from.  The one way back for refunds and releases.
create or replace procedure florin.return_credits(
	inout w florin.wallets, inout t florin.credit_transactions,
	taken florin.credit_transactions, returned bigint, with_grace boolean)
language plpgsql
as $$
declare
	lost jsonb;
begin
	call florin.give_back(w, t, taken, returned, t.amount, with_grace, lost);
	call florin.post(w, t);
	call florin.pay_shortfalls(w, t);
	call florin.lose_returned(w, lost, t.effective_at);
end
$$;
