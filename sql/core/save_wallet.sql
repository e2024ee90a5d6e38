-- Write back a wallet that this operation has locked and changed: as it is
-- now.
create or replace function florin.save_wallet(w florin.wallets)
returns florin.wallets
language plpgsql
as $$
begin
	w.revision := w.revision + 1;
	w.updated_at := w.last_effective_at;
	update florin.wallets set
		balance = w.balance, held = w.held, level = w.level,
		version = w.version, revision = w.revision,
		total_granted = w.total_granted, total_spent = w.total_spent,
		total_recharged = w.total_recharged,
		first_recharged_at = w.first_recharged_at, frozen = w.frozen,
		updated_at = w.updated_at, last_effective_at = w.last_effective_at,
		next_due_at = w.next_due_at, grants_made = w.grants_made,
		head_hash = w.head_hash
		where user_id = w.user_id;
	return w;
end
$$;
