-- Write the ledger row t (kind, amount, draws, actor and, if any, reason,
-- reference, effective_at) and carry the wallet forward in w.  The caller
-- saves w.
create or replace procedure florin.post(
	inout w florin.wallets, inout t florin.credit_transactions)
language plpgsql
as $$
declare
	total_max constant bigint := 9007199254740991;
	spent bigint := 0;
	granted bigint := 0;
begin
	if t.amount = 0 then
		raise exception 'a row of no credits';
	end if;
	if t.kind in ('consume', 'refund') then
		spent := -t.amount;
	elsif t.amount > 0 and t.kind <> 'release' then
		granted := t.amount;
	end if;
	if greatest(w.balance + t.amount, w.total_spent + spent,
			w.total_granted + granted) > total_max then
		perform florin.refuse('balance_limit');
	end if;
	w.balance := w.balance + t.amount;
	w.total_spent := w.total_spent + spent;
	w.total_granted := w.total_granted + granted;
	w.version := w.version + 1;
	t.user_id := w.user_id;
	t.seq := w.version;
	t.balance_after := w.balance;
	t.reason_hash := sha256(convert_to(coalesce(t.reason, ''), 'UTF8'));
	t.created_at := w.last_effective_at;
	t.effective_at := coalesce(t.effective_at, t.created_at);
	t.prev_hash := w.head_hash;
	t.hash := florin.ledger_hash(t);
	w.head_hash := t.hash;
	insert into florin.credit_transactions select t.*;
end
$$;
