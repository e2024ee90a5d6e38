-- What membership does for a paid order of a plan, and for its refund.
-- terms.bought is what the period was bought by where that is not the order.
create or replace procedure florin.credit_plan(
	inout w florin.wallets, o florin.payment_orders)
language plpgsql
as $$
declare
	period_id text;
	bought constant text := o.terms ->> 'bought';
begin
	if bought is null then
		call florin.apply_plan_order(w, o.plan, o.period,
			(o.terms ->> 'monthly_credits')::bigint, o.id, period_id);
	else
		call florin.renew_membership(w, o.plan, o.period, null,
			split_part(bought, ':', 2), period_id);
	end if;
end
$$;

-- An order of a plan goes back whole or not at all: of a part that a provider
-- paid back people are told.  A dispute that is won buys the plan again, from
-- now: its period went meanwhile.
create or replace procedure florin.refund_plan_payment(
	inout w florin.wallets, inout o florin.payment_orders,
	inout t florin.credit_transactions, inout missing bigint,
	was_refunded boolean)
language plpgsql
as $$
declare
	is_refunded constant boolean := o.status = 'refunded';
begin
	if is_refunded and not was_refunded then
		call florin.take_plan(w, o, t, missing);
	elsif was_refunded and not is_refunded then
		o.terms := o.terms || jsonb_build_object('bought',
			'invoice:' || florin.new_id(w.last_effective_at));
		o.credited := 0;
		o.claimed := 0;
		o.taken := 0;
		o.shortfall := 0;
		call florin.credit_plan(w, o);
	elsif o.status = 'partially_refunded' then
		perform florin.raise_alert('security', 'payment_mismatch', 'warning',
			o.user_id, o.id, format('order %s: %s of %s %s were refunded: its'
			' plan %s stays, it goes back whole or not at all', o.id,
			o.refunded_amount, o.amount, o.currency, o.plan));
	end if;
end
$$;

-- The period goes, with what is left of its quota.  One that is over cannot:
-- a caller is told so; where a provider tells us, the money is gone already,
-- and people must look.
create or replace procedure florin.take_plan(
	inout w florin.wallets, inout o florin.payment_orders,
	inout t florin.credit_transactions, inout missing bigint)
language plpgsql
as $$
declare
	w_before constant florin.wallets := w;
	asked constant florin.credit_transactions := t;
	bought constant text := coalesce(o.terms ->> 'bought', 'order:' || o.id);
begin
	call florin.refund_plan(w, bought, t.reason, t.actor, t, missing);
	o.taken := coalesce(-t.amount, 0);
	o.shortfall := missing;
	o.claimed := o.taken + missing;
	o.credited := o.claimed;
	-- What comes back into its grants pays the shortfall.
	update florin.grants g set order_id = o.id
		from florin.membership_periods q,
			florin.period_grants(q.user_id, q.id) own
		where q.user_id = w.user_id and q.bought_by = bought
			and g.user_id = w.user_id and g.id = own.grant_id;
exception when sqlstate 'FL000' then
	if sqlerrm <> 'order_not_refundable'
			or asked.actor not like 'payment:%' then
		raise;
	end if;
	w := w_before;
	t := asked;
	missing := 0;
	perform florin.raise_alert('security', 'clawback_shortfall', 'warning',
		o.user_id, o.id, format('order %s was refunded: its period of %s is'
		' over', o.id, o.plan));
end
$$;
