-- The next row of the wallet's ledger, made of t (kind, amount, draws, actor
-- and, if any, reason, reference, effective_at).  Not written yet.
create or replace function florin.make_row(
	w florin.wallets, t florin.credit_transactions)
returns florin.credit_transactions
language plpgsql
as $$
declare
	total_max constant bigint := 9007199254740991;
begin
	if t.amount = 0 then
		raise exception 'a row of no credits';
	end if;
	if greatest(w.balance, w.total_spent, w.total_granted) + abs(t.amount)
			> total_max then
		perform florin.check_limit(w, t, total_max);
	end if;
	t.user_id := w.user_id;
	t.seq := w.version + 1;
	t.balance_after := w.balance + t.amount;
	t.reason_hash := sha256(convert_to(coalesce(t.reason, ''), 'UTF8'));
	t.created_at := w.last_effective_at;
	t.effective_at := coalesce(t.effective_at, t.created_at);
	t.prev_hash := w.head_hash;
	t.hash := florin.ledger_hash(t);
	return t;
end
$$;

-- Refuse a row after which the balance or a total would pass the limit.
-- (Apart, because rows hardly ever come near to it.)
create or replace function florin.check_limit(
	w florin.wallets, t florin.credit_transactions, total_max bigint)
returns void
language plpgsql
as $$
begin
	if w.balance + t.amount > total_max
			or (t.kind = 'consume' and w.total_spent - t.amount > total_max)
			or (t.amount > 0 and t.kind not in ('refund', 'release')
				and w.total_granted + t.amount > total_max) then
		perform florin.refuse('balance_limit');
	end if;
end
$$;

-- The wallet after the row t.  Not saved yet.
create or replace function florin.carry(
	w florin.wallets, t florin.credit_transactions)
returns florin.wallets
language plpgsql stable
as $$
begin
	w.balance := t.balance_after;
	if t.kind in ('consume', 'refund') then
		w.total_spent := w.total_spent - t.amount;
	elsif t.amount > 0 and t.kind <> 'release' then
		w.total_granted := w.total_granted + t.amount;
	end if;
	w.version := t.seq;
	w.head_hash := t.hash;
	return w;
end
$$;

-- Write the row t and carry the wallet forward in w.  The caller saves w.
create or replace procedure florin.post(
	inout w florin.wallets, inout t florin.credit_transactions)
language plpgsql
as $$
begin
	t := florin.make_row(w, t);
	insert into florin.credit_transactions select t.*;
	w := florin.carry(w, t);
end
$$;
