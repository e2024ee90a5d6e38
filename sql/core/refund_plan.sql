-- The money of a plan order went back, whole: what is left of its own grants
-- is taken (kind clawback, in burn order), its portions not due are void, its
-- period goes.  What had expired is not owed; what was spent or is held is
-- `shortfall`.  A period that is over: order_not_refundable.  `taken` is the
-- ledger row, all null if nothing was left.
--
-- The caller has locked and settled w, and saves it.  `bought` is 'order:…'
-- or 'invoice:…', as florin.add_period got it.
create or replace procedure florin.refund_plan(
	inout w florin.wallets, bought text, reason text, caller text,
	inout taken florin.credit_transactions, inout shortfall bigint)
language plpgsql
as $$
declare
	moment constant timestamptz := w.last_effective_at;
	before constant jsonb := florin.membership_facts(w.user_id);
	p florin.membership_periods;
begin
	select * into p from florin.membership_periods q
		where q.user_id = w.user_id and q.bought_by = bought
			and q.state in ('running', 'waiting');
	if not found then
		perform florin.refuse('order_not_refundable');
	end if;
	shortfall := florin.spent_of_period(w.user_id, p.id);
	taken.reason := reason;
	taken.actor := caller;
	call florin.take_quota(w, p, taken);
	call florin.drop_periods(w.user_id, p.id, 'dropped', moment);
	call florin.close_gap(w, caller, moment);
	perform florin.log_membership(caller, w.user_id, 'refund_plan', before,
		reason, null, null);
end
$$;

-- A period went: what follows moves up, what waits next begins if none runs;
-- if nothing is left, the membership ends.
create or replace procedure florin.close_gap(
	inout w florin.wallets, caller text, moment timestamptz)
language plpgsql
as $$
begin
	if not exists (select from florin.membership_periods q
			where q.user_id = w.user_id
				and q.state in ('running', 'waiting')) then
		call florin.close_membership(w, moment);
		return;
	end if;
	call florin.lay_out_periods(w.user_id, moment);
	if exists (select from florin.membership_periods q
			where q.user_id = w.user_id and q.state = 'running') then
		call florin.refresh_membership(w, moment);
	else
		call florin.begin_period(w, caller, moment, true);
	end if;
end
$$;

-- The grants that a period fed, with the quota of each; with them those of
-- what came back of it after a reset.
create or replace function florin.period_grants(uid text, of_period text)
returns table (grant_id bigint, credits bigint, effective_at timestamptz)
language sql stable
as $$
	select (d ->> 'grant_id')::bigint, (d ->> 'amount')::bigint, t.effective_at
	from florin.credit_transactions t, jsonb_array_elements(t.draws) d
	where t.user_id = uid and t.reference_type = 'membership'
		and t.reference_id = of_period and t.kind in ('membership', 'reset')
	union all
	select g.id, 0, g.effective_at
	from florin.membership_periods q
	join florin.payment_orders o on o.user_id = q.user_id
		and q.bought_by = coalesce(o.terms ->> 'bought', 'order:' || o.id)
	join florin.grants g on g.user_id = q.user_id and g.order_id = o.id
		and g.source = 'refund' and g.effective_at >= q.begun_at
	where q.user_id = uid and q.id = of_period
$$;

-- The order that bought the period that gave this quota; null: a present.
create or replace function florin.order_of_quota(uid text, of_grant bigint)
returns text
language sql stable
as $$
	select o.id
	from florin.credit_transactions t
	join florin.membership_periods q
		on q.user_id = uid and q.id = t.reference_id
	join florin.payment_orders o on o.user_id = uid
		and q.bought_by = coalesce(o.terms ->> 'bought', 'order:' || o.id)
	where t.user_id = uid and t.reference_type = 'membership'
		and t.kind in ('membership', 'reset')
		and t.draws @> jsonb_build_array(
			jsonb_build_object('grant_id', of_grant))
$$;

-- How much of a period's quota has been spent or is held.
create or replace function florin.spent_of_period(uid text, of_period text)
returns bigint
language sql stable
as $$
	with own as (
		select * from florin.period_grants(uid, of_period)
	)
	select coalesce(-sum((d ->> 'amount')::bigint * sign(t.amount)), 0)::bigint
	from florin.credit_transactions t, jsonb_array_elements(t.draws) d
	where t.user_id = uid
		and t.effective_at >= (select min(own.effective_at) from own)
		and t.kind not in ('membership', 'reset', 'expire', 'clawback')
		and (d ->> 'grant_id')::bigint in (select own.grant_id from own)
$$;

-- Take what is left of a period's quota, and take that off what this month
-- has given: a plan that is bought next gives it again, but not what is spent.
create or replace procedure florin.take_quota(
	inout w florin.wallets, p florin.membership_periods,
	inout taken florin.credit_transactions)
language plpgsql
as $$
declare
	g florin.grants;
	moment constant timestamptz := w.last_effective_at;
begin
	update florin.memberships m
		set month_quota = m.month_quota - (
			select coalesce(sum(s.remaining), 0)
			from florin.period_grants(w.user_id, p.id) o
			join florin.grants s on s.user_id = w.user_id
				and s.id = o.grant_id and s.source = 'membership'
			where o.effective_at >= m.quota_month)
		where m.user_id = w.user_id;
	taken.amount := 0;
	for g in
		select s.* from florin.grants s
		join florin.period_grants(w.user_id, p.id) o on o.grant_id = s.id
		where s.user_id = w.user_id
		order by s.priority, s.expires_at nulls last, s.id
	loop
		if g.live then
			taken.draws := florin.add_draw(taken.draws, g.id, g.source,
				g.remaining);
			taken.amount := taken.amount - g.remaining;
		end if;
		update florin.grants s
			set remaining = 0, live = false,
				expires_at = least(s.expires_at, moment)
			where s.user_id = w.user_id and s.id = g.id;
	end loop;
	if taken.amount = 0 then
		taken := null;
		return;
	end if;
	taken.kind := 'clawback';
	taken.reference_type := split_part(p.bought_by, ':', 1);
	taken.reference_id := substr(p.bought_by,
		length(taken.reference_type) + 2);
	call florin.post(w, taken);
end
$$;
