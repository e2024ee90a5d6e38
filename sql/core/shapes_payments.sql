-- Shapes of the noun "payments".
create or replace function florin.package_json(p florin.credit_packages)
returns json
language sql stable
as $$
	select json_build_object(
		'package_id', p.package_id,
		'title', p.title,
		'credits', p.credits,
		'bonus_credits', p.bonus_credits,
		'member_bonus_credits', p.member_bonus_credits,
		'amount', p.amount,
		'currency', p.currency,
		'expires_after_days', p.expires_after_days,
		'min_plan', p.min_plan,
		'available', p.available)
$$;

-- A pending order whose time is over shows as expired, whether or not the job
-- came by.
create or replace function florin.order_status(
	o florin.payment_orders, moment timestamptz)
returns text
language sql immutable
as $$
	select case when o.status = 'pending' and o.expires_at <= moment
		then 'expired' else o.status end
$$;

create or replace function florin.order_json(
	o florin.payment_orders, moment timestamptz)
returns json
language sql stable
as $$
	select json_build_object(
		'id', o.id,
		'user_id', o.user_id,
		'status', florin.order_status(o, moment),
		'item', case when o.plan is null
			then json_build_object('package_id', o.package_id)
			else json_build_object('plan', o.plan, 'period', o.period) end,
		'amount', o.amount,
		'currency', o.currency,
		'credits', o.credits,
		'bonus_credits', o.bonus_credits,
		'provider', o.provider,
		'provider_reference', o.provider_reference,
		'late', o.late,
		'created_at', o.created_at,
		'expires_at', o.expires_at,
		'paid_at', o.paid_at,
		'refunded_amount', o.refunded_amount,
		'shortfall', o.shortfall)
$$;

create or replace function florin.alert_json(a florin.alerts) returns json
language sql stable
as $$
	select json_build_object(
		'id', a.id,
		'category', a.category,
		'detector', a.detector,
		'severity', a.severity,
		'user_id', nullif(a.user_id, ''),
		'detail', a.detail,
		'status', a.status,
		'first_seen_at', a.first_seen_at,
		'last_seen_at', a.last_seen_at,
		'count', a.count)
$$;

-- The rows that an order's completion wrote, oldest first.
create or replace function florin.order_transactions(o florin.payment_orders)
returns json
language sql stable
as $$
	select coalesce(json_agg(florin.transaction_json(t) order by t.seq), '[]')
	from florin.credit_transactions t
	where t.user_id = o.user_id and t.seq between o.first_seq and o.last_seq
$$;
