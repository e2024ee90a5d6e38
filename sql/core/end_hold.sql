-- End an open hold at `moment`: `kept` credits of those that it drew first
-- are spent, the rest returns to its grants by the row t (all null if nothing
-- returns).  Nobody can keep credits past their expiry by a hold: what comes
-- back into a grant that has expired since is gone at once.
create or replace procedure florin.end_hold(
	inout w florin.wallets, inout h florin.holds,
	inout t florin.credit_transactions,
	new_status text, kept bigint, ended_by text, moment timestamptz)
language plpgsql
as $$
declare
	taken florin.credit_transactions;
begin
	h.status := new_status;
	h.captured := kept;
	h.ended_at := moment;
	update florin.holds set status = h.status, captured = h.captured,
		ended_at = h.ended_at
		where user_id = h.user_id and id = h.id;
	w.held := w.held - h.amount;
	w.total_spent := w.total_spent + kept;
	if kept = h.amount then
		return;
	end if;
	select * into strict taken from florin.credit_transactions
		where user_id = h.user_id and seq = h.transaction_id;
	t.kind := 'release';
	t.amount := h.amount - kept;
	t.reference_type := 'hold';
	t.reference_id := h.id;
	t.actor := ended_by;
	t.effective_at := moment;
	call florin.return_credits(w, t, taken, 0, false);
end
$$;

-- A hold that nobody captured or released in time.
create or replace procedure florin.expire_hold(
	inout w florin.wallets, hold_id text, moment timestamptz)
language plpgsql
as $$
declare
	h florin.holds;
	t florin.credit_transactions;
begin
	select * into strict h from florin.holds
		where user_id = w.user_id and id = hold_id;
	call florin.end_hold(w, h, t, 'expired', 0, 'system', moment);
end
$$;
