-- Apply what is due to a locked wallet, in order of time, each thing with a
-- row of its own.  Does nothing before next_due_at.  Saves w if it changed.
create or replace procedure florin.settle(inout w florin.wallets)
language plpgsql
as $$
declare
	g florin.grants;
begin
	if w.next_due_at is null or w.next_due_at > w.last_effective_at then
		return;
	end if;
	for g in
		select * from florin.grants
			where user_id = w.user_id and live
				and expires_at <= w.last_effective_at
			order by expires_at, id
	loop
		call florin.expire_grant(w, g, g.expires_at);
	end loop;
	w.next_due_at := (select min(expires_at) from florin.grants
		where user_id = w.user_id and live);
	call florin.save_wallet(w);
end
$$;

-- What remains of a grant is gone from `moment` on.
create or replace procedure florin.expire_grant(
	inout w florin.wallets, g florin.grants, moment timestamptz)
language plpgsql
as $$
declare
	t florin.credit_transactions;
begin
	update florin.grants set remaining = 0, live = false
		where user_id = g.user_id and id = g.id;
	t.kind := 'expire';
	t.amount := -g.remaining;
	t.draws := florin.add_draw(null, g.id, g.source, g.remaining);
	t.actor := 'system';
	t.effective_at := moment;
	call florin.post(w, t);
end
$$;
