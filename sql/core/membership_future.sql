-- What a membership will do by itself, in order of time, if nobody acts:
-- each period's begin with what it gives, resets, portions, ends.  Goes on to
-- the end of the period that holds `until`; with next_quota it stops at the
-- first event that gives a month's quota.
--
-- Settling applies what this says, the calendar shows it: there is no second
-- place that knows when a quota comes.
create or replace function florin.membership_future(
	uid text, until timestamptz, next_quota boolean default false)
returns setof florin.membership_event
language plpgsql stable
as $$
declare
	m florin.memberships;
	p record;
	e florin.membership_event;
	given integer;          -- portions of p
	month timestamptz;      -- the last month that gave
	month_quota bigint;
	next_month timestamptz; -- the first that has not come yet
	coming timestamptz;     -- of a reset that nothing before it prevents
begin
	select * into m from florin.memberships s
		where s.user_id = uid and s.status <> 'expired';
	if not found then
		return;
	end if;
	month := m.quota_month;
	month_quota := m.month_quota;
	next_month := florin.membership_month(m, m.moved_at, 1);
	coming := m.next_reset_at;
	for p in
		select q.id, q.state, q.period, q.monthly_credits, q.starts_at,
			q.ends_at, (select count(*) from florin.yearly_member_credits y
				where y.user_id = uid and y.period_id = q.id
					and y.given_at is not null)::integer as given
		from florin.membership_periods q
		where q.user_id = uid and q.state in ('running', 'waiting')
		order by q.place
	loop
		given := p.given;
		if p.state = 'waiting' then
			e := (p.starts_at, 'period_begins', p.id, 0, null, false);
			if coming is distinct from p.starts_at then
				e.opens := month is null
					or florin.membership_month(m, p.starts_at, 0) > month;
				e := florin.begin_quota(e, p.period, p.monthly_credits,
					given, month_quota);
				next_month := florin.membership_month(m, p.starts_at, 1);
			else
				next_month := coming;
			end if;
			return next e;
			given := coalesce(e.portion, given);
			month_quota := case when e.opens then 0 else month_quota end
				+ e.credits;
			month := case when e.opens
				then florin.membership_month(m, p.starts_at, 0)
				else month end;
			if next_quota and e.opens then
				return;
			end if;
		end if;
		while next_month < p.ends_at loop
			if p.period = 'monthly' or given < 12 then
				given := given + 1;
				month := next_month;
				month_quota := p.monthly_credits;
				e := (next_month, case p.period when 'yearly'
					then 'portion' else 'reset' end, p.id, p.monthly_credits,
					case p.period when 'yearly' then given end, true);
				return next e;
				if next_quota then
					return;
				end if;
			end if;
			next_month := florin.membership_month(m, next_month, 1);
		end loop;
		coming := case when p.period = 'monthly' or given < 12
			then next_month end;
		e := (p.ends_at, 'period_ends', p.id, null, null, false);
		return next e;
		exit when p.ends_at > until;
	end loop;
end
$$;

-- What a period gives at its begin (e.opens: its month has given nothing): a
-- year its first portion always, a resumed one whose portions are all given
-- nothing, others the month's quota or what they have above it.
create or replace function florin.begin_quota(
	e florin.membership_event, period text, monthly_credits bigint,
	given integer, month_quota bigint)
returns florin.membership_event
language plpgsql immutable
as $$
begin
	if period = 'yearly' and given = 12 then
		e.opens := false;
	elsif e.opens or (period = 'yearly' and given = 0) then
		e.credits := monthly_credits;
		e.portion := case period when 'yearly' then given + 1 end;
	else
		e.credits := greatest(monthly_credits - month_quota, 0);
	end if;
	return e;
end
$$;
