-- A plan was bought or given: the way of paid orders, invoices, codes and an
-- admin's POST.  Same or lower plan than the running one: behind the last
-- period.  Higher: now; the interrupted remainder goes on after it.
--
-- `quota`: the monthly credits that were promised when it was sold (null: the
-- plan's).  `bought`: 'order:…' or 'invoice:…', once per user; null: a gift.
-- The caller has locked and settled w, and saves it.
create or replace procedure florin.add_period(
	inout w florin.wallets, new_plan text, new_period text, quota bigint,
	bought text, caller text, inout period_id text)
language plpgsql
as $$
declare
	moment constant timestamptz := w.last_effective_at;
	chosen florin.plans;
	running florin.membership_periods;
	is_now boolean;
	place integer;
begin
	select * into chosen from florin.plans s where s.plan = new_plan;
	if not found then
		perform florin.refuse('unknown_plan');
	end if;
	select * into running from florin.membership_periods q
		where q.user_id = w.user_id and q.state = 'running';
	is_now := not found;
	if is_now then
		call florin.start_membership(w.user_id, moment);
	elsif (select s.rank from florin.plans s where s.plan = running.plan)
			< chosen.rank then
		is_now := true;
		update florin.membership_periods q
			set state = 'waiting', rest = florin.exactly(moment, q.ends_at)
			where q.user_id = w.user_id and q.id = running.id;
	end if;
	place := case when is_now then coalesce(running.place, 0) - 1 else (
		select max(q.place) + 1 from florin.membership_periods q
		where q.user_id = w.user_id and q.state in ('running', 'waiting'))
		end;
	call florin.insert_period(w.user_id, place, chosen, new_period,
		coalesce(quota, chosen.monthly_credits), bought, null, moment,
		period_id);
	call florin.lay_out_periods(w.user_id, moment);
	if is_now then
		call florin.begin_period(w, caller, moment, false);
	else
		call florin.refresh_membership(w, moment);
	end if;
end
$$;

-- A new membership, or one that comes back after a gap: its terms are those
-- of this moment.
create or replace procedure florin.start_membership(
	uid text, moment timestamptz)
language sql
as $$
	insert into florin.memberships
		(user_id, status, anchor, zone, started_at, expires_at, moved_at)
	values (uid, 'active', florin.setting('reset_anchor'),
		florin.setting('timezone'), moment, moment, moment)
	on conflict (user_id) do update
		set status = excluded.status, anchor = excluded.anchor,
			zone = excluded.zone, started_at = excluded.started_at,
			expires_at = excluded.expires_at, moved_at = excluded.moved_at,
			quota_month = null, month_quota = 0, quota_expires_at = null,
			next_reset_at = null
$$;

-- A period that waits; florin.lay_out_periods gives it its moments.
create or replace procedure florin.insert_period(
	uid text, place integer, chosen florin.plans, period text, quota bigint,
	bought text, rest interval, moment timestamptz, inout period_id text)
language plpgsql
as $$
begin
	period_id := florin.new_id(moment);
	insert into florin.membership_periods
		(user_id, id, place, state, plan, period, monthly_credits, bought_by,
		starts_at, ends_at, rest)
		values (uid, period_id, place, 'waiting', chosen.plan, period, quota,
		bought, moment, moment, rest);
end
$$;

-- For florin_api.complete_payment and its kin: a paid order of a plan.  Call
-- with w locked and settled, save w afterwards; the ledger rows that it wrote
-- are those above the version that w had.  quota: the monthly credits that
-- the order copied.  period_id comes back: the order's period.  Refuses
-- unknown_plan and balance_limit; florin.refund_plan undoes it.
create or replace procedure florin.apply_plan_order(
	inout w florin.wallets, bought_plan text, bought_period text,
	quota bigint, order_id text, inout period_id text)
language plpgsql
as $$
declare
	before constant jsonb := florin.membership_facts(w.user_id);
begin
	call florin.add_period(w, bought_plan, bought_period, quota,
		'order:' || order_id, 'payment:' || order_id, period_id);
	update florin.memberships m set status = 'active'
		where m.user_id = w.user_id;
	perform florin.log_membership('payment:' || order_id, w.user_id,
		'apply_plan_order', before, null, null, null);
end
$$;

-- For invoice.paid of a subscription: the same, once per invoice (again: the
-- period that it made, nothing changes).  The user's own wish to cancel
-- stays: what was paid runs, and the membership ends after it.
create or replace procedure florin.renew_membership(
	inout w florin.wallets, bought_plan text, bought_period text,
	quota bigint, invoice text, inout period_id text)
language plpgsql
as $$
declare
	before constant jsonb := florin.membership_facts(w.user_id);
begin
	select q.id into period_id from florin.membership_periods q
		where q.user_id = w.user_id and q.bought_by = 'invoice:' || invoice;
	if found then
		return;
	end if;
	call florin.add_period(w, bought_plan, bought_period, quota,
		'invoice:' || invoice, 'payment:' || invoice, period_id);
	perform florin.log_membership('payment:' || invoice, w.user_id,
		'renew_membership', before, null, null, null);
end
$$;
