-- Apply what is due to a locked wallet, in order of time, each thing with a
-- row of its own: the wallet after it, saved if it changed.  Does nothing
-- before next_due_at.
create or replace function florin.settle(w florin.wallets)
returns florin.wallets
language plpgsql
as $$
declare
	e florin.due_event;
	applied boolean := false;
begin
	if w.next_due_at is null or w.next_due_at > w.last_effective_at then
		return w;
	end if;
	loop
		e := florin.next_event(w.user_id);
		exit when e.at is null or e.at > w.last_effective_at;
		applied := true;
		case e.what
		when 'grant_expires' then
			call florin.expire_grant(w, e.id::bigint, e.at);
		when 'hold_expires' then
			call florin.expire_hold(w, e.id, e.at);
		when 'lease_ends' then
			call florin.end_lease(w, e.id, e.at);
		when 'session_idle' then
			call florin.end_idle_session(w, e.id);
		when 'period_ends' then
			call florin.end_period(w, e.at);
		when 'period_begins' then
			call florin.begin_period(w, 'system', e.at, false);
		when 'quota' then
			call florin.reset_quota(w, e.at);
		end case;
	end loop;
	w.next_due_at := e.at;
	if applied then
		w := florin.save_wallet(w);
	else -- what was due had gone before: nothing that anybody sees
		update florin.wallets set next_due_at = w.next_due_at
			where user_id = w.user_id;
	end if;
	return w;
end
$$;
