-- The invariants of a user's membership, a row for each that does not hold.
-- Quota rows: each month gives once (kind reset, or the membership that opens
-- it), what is live lives as long as the month's quota.
create or replace function florin.check_membership(uid text)
returns table (invariant text, detail text)
language sql stable
as $$
	with w as (
		select * from florin.wallets where user_id = uid
	), m as (
		select * from florin.memberships where user_id = uid
	), open as (
		select p.*, lag(p.ends_at) over (order by p.place) as last_end
		from florin.membership_periods p
		where p.user_id = uid and p.state in ('running', 'waiting')
	), quota as (
		select t.* from florin.credit_transactions t
		where t.user_id = uid and t.kind in ('membership', 'reset')
	)
	select 'membership', format('%s with %s running, %s open periods',
		m.status, c.running, c.open)
	from m, (select count(*) as open,
			count(*) filter (where state = 'running') as running from open) c
	where case when m.status = 'expired' then c.open > 0
		else c.running <> 1 end
	union all
	select 'membership', format('period %s waits before the running one', id)
	from open where state = 'waiting' and last_end is null
	union all
	select 'membership', 'periods without a membership'
	where exists (select from open) and not exists (select from m)
	union all
	select 'membership', format('period %s begins at %s, the last one ends at'
		' %s', id, starts_at, last_end)
	from open where starts_at <> last_end
	union all
	select 'membership', format('ends at %s, its last period at %s',
		m.expires_at, e.at)
	from m, (select max(ends_at) as at from open) e
	where m.expires_at <> e.at
	union all
	select 'quota', format('grant %s lives until %s, the month''s quota until'
		' %s', g.id, g.expires_at, m.quota_expires_at)
	from florin.grants g left join m on true
	where g.user_id = uid and g.live and g.source = 'membership'
		and g.expires_at is distinct from m.quota_expires_at
	union all
	select 'quota', format('seq %s names period %s', q.seq, q.reference_id)
	from quota q
	where q.reference_type is distinct from 'membership' or not exists (
		select from florin.membership_periods p
		where p.user_id = uid and p.id = q.reference_id)
	union all
	select 'quota', format('%s resets at %s', count(*), q.effective_at)
	from quota q where q.kind = 'reset'
	group by q.effective_at having count(*) > 1
	union all
	select 'portion', format('period %s, portion %s', y.period_id, y.portion)
	from florin.yearly_member_credits y
	join florin.membership_periods p
		on p.user_id = uid and p.id = y.period_id
	where y.user_id = uid and (
		y.given_at is not null
		-- The first of an imported year is in the opening balance.
		and (y.portion > 1 or p.bought_by is null
			or p.bought_by !~ '^import:')
		and not exists (
			select from quota q
			where q.reference_id = y.period_id
				and q.effective_at = y.given_at)
		or y.given_at is not null and exists (
			select from florin.yearly_member_credits before
			where before.user_id = uid and before.period_id = y.period_id
				and before.portion < y.portion
				and before.given_at is distinct from
					least(before.given_at, y.given_at))
		or y.given_at is null
			and y.void <> (p.state in ('over', 'dropped')))
	union all
	select 'view', format('says %s %s %s', v.balance, v.status, v.plan)
	from w, florin.user_membership_status v
	where v.user_id = uid
		and coalesce(w.next_due_at, 'infinity') > v.as_of
		and (v.balance <> w.balance
			or v.status <> florin.membership_json(uid) ->> 'status'
			or v.plan is distinct from
				florin.membership_json(uid) ->> 'plan'
			or v.expires_at is distinct from
				(florin.membership_json(uid) ->> 'expires_at')::timestamptz)
$$;
