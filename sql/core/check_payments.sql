-- The invariants of a user's payments, a row for each that does not hold: part
-- of florin.check_user.
create or replace function florin.check_payments(uid text)
returns table (invariant text, detail text)
language sql stable
as $$
	with o as (
		select * from florin.payment_orders where user_id = uid
	), ledger as (
		select t.reference_id as order_id,
			coalesce(sum(t.amount) filter (where t.kind = 'recharge'), 0)
				as base,
			coalesce(sum(t.amount) filter (where t.kind = 'recharge_bonus'), 0)
				as bonus,
			coalesce(sum(t.amount) filter
				(where t.kind = 'first_recharge_bonus'), 0) as first_bonus,
			coalesce(-sum(t.amount) filter (where t.kind = 'clawback'), 0)
				as taken
		from florin.credit_transactions t
		where t.user_id = uid and t.reference_type = 'order'
		group by t.reference_id
	), refunds as (
		select r.order_id, sum(r.amount) as amount
		from florin.payment_refunds r
		where r.user_id = uid and not r.reversed group by r.order_id
	), f as (
		select * from florin.first_recharges where user_id = uid
	)
	select 'order', format('order %s (%s): credits %s + %s + %s of'
		' %s + %s, credited %s', o.id, o.status, l.base, l.bonus,
		l.first_bonus, o.credits, o.bonus_credits, o.credited)
	from o left join ledger l on l.order_id = o.id
	where o.plan is null and case when o.paid_at is null
		then coalesce(l.base + l.bonus + l.first_bonus, 0) <> 0
		else (l.base, l.bonus, o.credited) is distinct from
			(o.credits, o.bonus_credits, l.base + l.bonus + l.first_bonus)
		end
	union all
	select 'order', format('order %s has no period of %s', o.id, o.plan)
	from o
	where o.plan is not null and o.paid_at is not null and not exists (
		select from florin.membership_periods q
		where q.user_id = uid and q.bought_by
			in ('order:' || o.id, o.terms ->> 'bought'))
	union all
	select 'order', format('rows name order %s, which is not there',
		l.order_id)
	from ledger l where not exists (select from o where o.id = l.order_id)
	union all
	select 'order', format('order %s: taken %s, the ledger took %s', o.id,
		o.taken, coalesce(l.taken, 0))
	from o left join ledger l on l.order_id = o.id
	where o.plan is null and o.taken <> coalesce(l.taken, 0)
	union all
	select 'order', format('order %s: refunded %s, refunds say %s', o.id,
		o.refunded_amount, r.amount)
	from o left join refunds r on r.order_id = o.id
	where o.paid_at is not null
		and o.refunded_amount <> least(o.amount, coalesce(r.amount, 0))
	union all
	select 'order', format('order %s: claimed %s of %s, refunded %s of %s',
		o.id, o.claimed, o.credited, o.refunded_amount, o.amount)
	from o
	where o.plan is null and o.claimed <>
		ceil(o.credited::numeric * o.refunded_amount / o.amount)
	union all
	select 'order', format('order %s is not in the directory', o.id)
	from o where not exists (
		select from florin.order_directory d
		where d.order_id = o.id and d.owner = uid)
	union all
	select 'order', format('order %s: its reference %s is not matched', o.id,
		o.provider_reference)
	from o
	where o.paid_at is not null and not exists (
		select from florin.payment_references r
		where r.provider = o.provider and r.reference = o.provider_reference
			and r.owner = uid and r.order_id = o.id and r.matched)
	union all
	select 'order', format('grant %s is of order %s, which is not there',
		g.id, g.order_id)
	from florin.grants g
	where g.user_id = uid and g.order_id is not null
		and not exists (select from o where o.id = g.order_id)
	union all
	select 'grant', format('grant %s: expired %s, the ledger says %s', g.id,
		g.expired, e.amount)
	from florin.grants g left join (
		select d.grant_id, sum(d.amount) as amount
		from florin.credit_transactions t,
			jsonb_to_recordset(t.draws) as d (grant_id bigint, amount bigint)
		where t.user_id = uid and t.kind = 'expire'
		group by d.grant_id) e on e.grant_id = g.id
	where g.user_id = uid and g.expired <> coalesce(e.amount, 0)
	union all
	select 'recharge', format('first recharge of order %s', f.order_id)
	from f join florin.wallets w on w.user_id = uid
	where w.first_recharged_at is null
	union all
	select 'recharge', format('order %s has a first recharge bonus', l.order_id)
	from ledger l
	where l.first_bonus > 0
		and not exists (select from f where f.order_id = l.order_id)
	union all
	select 'recharge', format('recharged %s %s, orders say %s',
		w.total_recharged ->> p.currency, p.currency, p.amount)
	from florin.wallets w, (
		select o.currency, sum(o.amount) as amount
		from o where o.paid_at is not null group by o.currency) p
	where w.user_id = uid
		and coalesce((w.total_recharged ->> p.currency)::numeric, 0) < p.amount
$$;
