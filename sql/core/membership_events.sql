-- What happens to a membership by itself, each at its moment.

-- Give a quota: a row and a grant of its own, which live as long as the
-- month's quota does.  Time never fails: what would pass the limit of a
-- balance is not given by it.
create or replace procedure florin.give_quota(
	inout w florin.wallets, p florin.membership_periods,
	row_kind text, credits bigint, of_portion integer, is_first boolean,
	caller text, moment timestamptz)
language plpgsql
as $$
declare
	t florin.credit_transactions;
	expiry timestamptz;
begin
	if caller = 'system' then
		credits := least(credits,
			9007199254740991 - greatest(w.balance, w.total_granted));
	end if;
	update florin.memberships m
		set quota_month = case when is_first
				then florin.membership_month(m, moment, 0)
				else m.quota_month end,
			moved_at = moment,
			month_quota = credits
				+ case when is_first then 0 else m.month_quota end
		where m.user_id = w.user_id;
	update florin.yearly_member_credits y set given_at = moment
		where y.user_id = w.user_id and y.period_id = p.id
			and y.portion = of_portion;
	call florin.refresh_membership(w, moment);
	if credits <= 0 then
		return;
	end if;
	select m.quota_expires_at into strict expiry from florin.memberships m
		where m.user_id = w.user_id;
	t.kind := row_kind;
	t.amount := credits;
	t.reference_type := 'membership';
	t.reference_id := p.id;
	t.actor := caller;
	t.effective_at := moment;
	call florin.feed(w, t, 'membership', credits, expiry, null);
	call florin.post(w, t);
end
$$;

-- The first of the periods that wait begins, with what it gives.  A quota
-- that a reset gives at this very moment comes as an event of its own.
-- is_resuming: after a refund a period that ran before gives its quota only
-- to an empty month; one that never ran begins as any other does.
create or replace procedure florin.begin_period(
	inout w florin.wallets, caller text, moment timestamptz,
	is_resuming boolean)
language plpgsql
as $$
declare
	e florin.membership_event;
	p florin.membership_periods;
	reset_at constant timestamptz := (select m.next_reset_at
		from florin.memberships m where m.user_id = w.user_id);
begin
	select * into strict e
		from florin.membership_future(w.user_id, moment) f limit 1;
	update florin.membership_periods q
		set state = 'running', begun_at = coalesce(q.begun_at, moment)
		where q.user_id = w.user_id and q.id = e.period_id
		returning * into strict p;
	if p.period = 'yearly' then
		insert into florin.yearly_member_credits
			(user_id, period_id, portion, credits)
			select p.user_id, p.id, n, p.monthly_credits
			from generate_series(1, 12) n
			on conflict do nothing;
	end if;
	update florin.memberships m set moved_at = moment
		where m.user_id = w.user_id;
	if reset_at = moment then
		return;
	elsif e.credits > 0 and (e.opens or not is_resuming
			or p.begun_at = moment) then
		call florin.give_quota(w, p, 'membership', e.credits, e.portion,
			e.opens, caller, moment);
	else
		call florin.refresh_membership(w, moment);
	end if;
end
$$;

-- The running period is over; the membership with it if none follows.
create or replace procedure florin.end_period(
	inout w florin.wallets, moment timestamptz)
language plpgsql
as $$
declare
	ended text;
begin
	update florin.membership_periods q set state = 'over'
		where q.user_id = w.user_id and q.state = 'running'
		returning q.id into strict ended;
	call florin.void_portions(w.user_id, ended);
	update florin.memberships m set moved_at = moment
		where m.user_id = w.user_id;
	if not exists (select from florin.membership_periods q
			where q.user_id = w.user_id and q.state = 'waiting') then
		update florin.memberships m
			set status = 'expired', next_reset_at = null
			where m.user_id = w.user_id;
	end if;
end
$$;

-- A month begins: the running period gives its quota.
create or replace procedure florin.reset_quota(
	inout w florin.wallets, moment timestamptz)
language plpgsql
as $$
declare
	p florin.membership_periods;
	next_portion integer;
begin
	select * into strict p from florin.membership_periods q
		where q.user_id = w.user_id and q.state = 'running';
	next_portion := (select min(y.portion) from florin.yearly_member_credits y
		where y.user_id = w.user_id and y.period_id = p.id
			and y.given_at is null and not y.void);
	call florin.give_quota(w, p, 'reset', p.monthly_credits, next_portion,
		true, 'system', moment);
end
$$;

-- A membership ends before its time: what is left of it is dropped, this
-- month's quota expires.
create or replace procedure florin.close_membership(
	inout w florin.wallets, moment timestamptz)
language plpgsql
as $$
declare
	left_over bigint;
begin
	call florin.drop_periods(w.user_id, null, 'over', moment);
	update florin.memberships m
		set status = 'expired', expires_at = moment, moved_at = moment,
			quota_expires_at = moment, next_reset_at = null
		where m.user_id = w.user_id;
	update florin.grants g set expires_at = moment
		where g.user_id = w.user_id and g.source = 'membership'
			and g.expires_at > moment;
	for left_over in
		select g.id from florin.grants g
		where g.user_id = w.user_id and g.live and g.expires_at = moment
			and g.source = 'membership'
		order by g.id
	loop
		call florin.expire_grant(w, left_over, moment);
	end loop;
	w.next_due_at := (select e.at from florin.next_event(w.user_id) e);
end
$$;
