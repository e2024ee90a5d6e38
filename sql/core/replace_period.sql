-- Make `new_plan` for `new_period` the running period, ending at `expiry` or
-- after its own length; the queue stays.  If it runs already, only its end
-- moves (to `expiry`, if given).
create or replace procedure florin.replace_period(
	inout w florin.wallets, new_plan text, new_period text,
	expiry timestamptz, caller text, inout changed boolean)
language plpgsql
as $$
declare
	moment constant timestamptz := w.last_effective_at;
	chosen florin.plans;
	running florin.membership_periods;
	period_id text;
begin
	select * into chosen from florin.plans s where s.plan = new_plan;
	if not found then
		perform florin.refuse('unknown_plan');
	end if;
	select * into running from florin.membership_periods q
		where q.user_id = w.user_id and q.state = 'running';
	if running.plan = new_plan and running.period = new_period then
		changed := expiry <> running.ends_at;
		if changed then
			call florin.move_end(w, running, expiry);
		end if;
		return;
	end if;
	changed := true;
	if running.id is null then
		call florin.start_membership(w.user_id, moment);
	else
		call florin.drop_periods(w.user_id, running.id, 'over', moment);
	end if;
	call florin.insert_period(w.user_id, coalesce(running.place, 0), chosen,
		new_period, chosen.monthly_credits, null,
		florin.exactly(moment, expiry), moment, period_id);
	call florin.lay_out_periods(w.user_id, moment);
	call florin.begin_period(w, caller, moment, false);
end
$$;

-- The running period ends at another moment; what waits follows.
create or replace procedure florin.move_end(
	inout w florin.wallets, running florin.membership_periods,
	expiry timestamptz)
language plpgsql
as $$
begin
	update florin.membership_periods q
		set ends_at = expiry, rest = florin.exactly(q.starts_at, expiry)
		where q.user_id = w.user_id and q.id = running.id;
	call florin.lay_out_periods(w.user_id, expiry);
	call florin.refresh_membership(w, w.last_effective_at);
end
$$;
