-- Set what a wallet and its grants keep in sum anew from ledger and holds.
-- True if something was wrong.  The caller of the operation is logged.
create or replace function florin.repair_wallet(
	uid text, caller text, reason text, ip text, user_agent text)
returns boolean
language plpgsql
as $$
declare
	w florin.wallets := florin.lock_wallet(uid, caller);
	before constant florin.wallets := w;
	grants_repaired bigint;
begin
	select coalesce(sum(t.amount), 0), coalesce(max(t.seq), 0),
		coalesce(sum(t.amount) filter (where t.amount > 0
			and t.kind not in ('refund', 'release')), 0),
		coalesce(sum(-t.amount) filter
			(where t.kind in ('consume', 'refund')), 0)
		into strict w.balance, w.version, w.total_granted, w.total_spent
		from florin.credit_transactions t where t.user_id = uid;
	select w.total_spent + coalesce(sum(h.captured), 0),
		coalesce(sum(h.amount) filter (where h.status = 'open'), 0)
		into strict w.total_spent, w.held
		from florin.holds h where h.user_id = uid;
	select t.hash into w.head_hash from florin.credit_transactions t
		where t.user_id = uid and t.seq = w.version;
	w.head_hash := coalesce(w.head_hash, sha256(convert_to(uid, 'UTF8')));
	select coalesce(max(g.id), 0) into strict w.grants_made
		from florin.grants g where g.user_id = uid;
	w.grants_made := greatest(w.grants_made, before.grants_made);
	update florin.grants g set remaining = d.remaining,
			live = d.remaining > 0
		from (
			select e.grant_id, sum(e.amount * sign(t.amount)) as remaining
			from florin.credit_transactions t,
				jsonb_to_recordset(t.draws)
					as e (grant_id bigint, amount bigint)
			where t.user_id = uid
			group by e.grant_id
		) d
		where g.user_id = uid and g.id = d.grant_id
			and g.remaining <> d.remaining
			and d.remaining between 0 and g.amount;
	get diagnostics grants_repaired = row_count;
	w.next_due_at := least(w.next_due_at,
		(select e.at from florin.next_event(uid) e));
	if w = before and grants_repaired = 0 then
		return false;
	end if;
	w := florin.save_wallet(w);
	perform florin.log_wallet_operation(caller, 'repair_wallet', before, w,
		reason, ip, user_agent);
	return true;
end
$$;
