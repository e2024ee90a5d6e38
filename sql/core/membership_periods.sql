-- A membership's periods: their order, their moments, what follows from them.

create or replace function florin.period_months(period text) returns integer
language sql immutable
as $$ select case period when 'yearly' then 12 else 1 end $$;

-- Give the periods that wait their moments, one behind the other: behind the
-- running one, or from `moment` on where none runs.
create or replace procedure florin.lay_out_periods(
	uid text, moment timestamptz)
language plpgsql
as $$
declare
	p florin.membership_periods;
	last florin.membership_periods;
	ends timestamptz := moment;
	zone constant text := (select m.zone from florin.memberships m
		where m.user_id = uid);
begin
	select * into last from florin.membership_periods q
		where q.user_id = uid and q.state = 'running';
	if found then
		ends := last.ends_at;
	end if;
	for p in
		select * from florin.membership_periods q
		where q.user_id = uid and q.state = 'waiting' order by q.place
	loop
		p.starts_at := ends;
		if p.rest is not null then
			p.ends_at := p.starts_at + p.rest;
		else
			if last.id is not null and last.rest is null then
				p.counted_from := last.counted_from;
				p.months_before := last.months_before
					+ florin.period_months(last.period);
			else
				p.counted_from := p.starts_at;
				p.months_before := 0;
			end if;
			p.ends_at := florin.local_moment((p.counted_from at time zone zone)
				+ make_interval(months => p.months_before
					+ florin.period_months(p.period)), zone);
		end if;
		update florin.membership_periods q
			set starts_at = p.starts_at, ends_at = p.ends_at,
				counted_from = p.counted_from,
				months_before = p.months_before
			where q.user_id = uid and q.id = p.id;
		last := p;
		ends := p.ends_at;
	end loop;
end
$$;

-- A span of exactly so many seconds, however long the days in it are.
create or replace function florin.exactly(
	starts_at timestamptz, ends_at timestamptz)
returns interval
language sql immutable
as $$
	select make_interval(secs => extract(epoch from ends_at - starts_at))
$$;

-- Work out what follows from a membership's periods: its end, the next reset,
-- until when this month's quota lives; wake the wallet when something of it
-- happens.
create or replace procedure florin.refresh_membership(
	inout w florin.wallets, moment timestamptz)
language plpgsql
as $$
declare
	open record;
	quota florin.membership_event;
	quota_end timestamptz;
	old_end timestamptz;
	is_spent boolean := false;
begin
	select max(q.ends_at) as last_end,
		max(q.id) filter (where q.state = 'running') as running,
		max(q.period) filter (where q.state = 'running') as period,
		max(q.ends_at) filter (where q.state = 'running') as ends_at
		into strict open
		from florin.membership_periods q
		where q.user_id = w.user_id and q.state in ('running', 'waiting');
	select * into quota
		from florin.membership_future(w.user_id, open.last_end, true) f
		where f.opens;
	quota_end := coalesce(quota.at, open.last_end);
	if open.period = 'yearly' then
		is_spent := not exists (
			select from florin.yearly_member_credits y
			where y.user_id = w.user_id and y.period_id = open.running
				and y.given_at is null and not y.void);
	end if;
	select m.quota_expires_at into strict old_end
		from florin.memberships m where m.user_id = w.user_id;
	update florin.memberships m
		set expires_at = open.last_end, quota_expires_at = quota_end,
			next_reset_at = case when not is_spent
				and quota.what in ('reset', 'portion') then quota.at end
		where m.user_id = w.user_id;
	-- All of the month's quota has one end; after a reset nothing is left.
	if old_end > moment and old_end <> quota_end then
		update florin.grants g set expires_at = quota_end
			where g.user_id = w.user_id and g.source = 'membership'
				and g.expires_at = old_end;
	end if;
	w.next_due_at := least(w.next_due_at, quota_end, open.ends_at);
end
$$;

-- A period (null: each that is not over) goes before its time: a running one
-- stops at `moment` and is `as_state`, of one that waits nothing more runs.
create or replace procedure florin.drop_periods(
	uid text, period_id text, as_state text, moment timestamptz)
language plpgsql
as $$
declare
	dropped text;
begin
	for dropped in
		update florin.membership_periods q
			set state = case q.state when 'running' then as_state
					else 'dropped' end,
				starts_at = case q.state when 'running' then q.starts_at
					else coalesce(q.begun_at, q.starts_at) end,
				ends_at = case q.state when 'running' then moment
					else coalesce(q.begun_at, q.ends_at) end
			where q.user_id = uid and q.state in ('running', 'waiting')
				and q.id = coalesce(period_id, q.id)
			returning q.id
	loop
		call florin.void_portions(uid, dropped);
	end loop;
end
$$;

-- Portions that will not come any more.
create or replace procedure florin.void_portions(uid text, of_period text)
language sql
as $$
	update florin.yearly_member_credits y set void = true
		where y.user_id = uid and y.period_id = of_period
			and y.given_at is null
$$;
