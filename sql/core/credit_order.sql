-- What a payment brings, in the state that it finds: credits, bonus, first
-- recharge bonus as rows and grants of their own, or the plan's period; totals
-- and level.  The order may be cancelled or over: then it is late.
create or replace procedure florin.credit_order(
	inout w florin.wallets, inout o florin.payment_orders, actor text)
language plpgsql
as $$
begin
	o.late := florin.order_status(o, w.last_effective_at)
		in ('cancelled', 'expired');
	o.status := 'paid';
	o.paid_at := w.last_effective_at;
	o.first_seq := w.version + 1;
	if o.plan is null then
		call florin.credit_package(w, o, actor);
	else
		call florin.credit_plan(w, o);
	end if;
	o.last_seq := w.version;
	call florin.add_recharge(w, o.currency, o.amount);
end
$$;

create or replace procedure florin.credit_package(
	inout w florin.wallets, inout o florin.payment_orders, actor text)
language plpgsql
as $$
begin
	call florin.credit_part(w, o, 'recharge', 'purchase', o.credits, actor);
	if o.bonus_credits > 0 then
		call florin.credit_part(w, o, 'recharge_bonus', 'bonus',
			o.bonus_credits, actor);
	end if;
	-- The first of a user is whoever gets this key, not whoever looked first.
	insert into florin.first_recharges (user_id, order_id, created_at)
		values (w.user_id, o.id, o.paid_at) on conflict do nothing;
	if not found then
		return;
	end if;
	w.first_recharged_at := o.paid_at;
	if o.first_recharge_bonus > 0 then
		call florin.credit_part(w, o, 'first_recharge_bonus',
			'first_recharge_bonus', o.first_recharge_bonus, actor);
	end if;
end
$$;

create or replace procedure florin.credit_part(
	inout w florin.wallets, inout o florin.payment_orders,
	row_kind text, source text, credits bigint, actor text)
language plpgsql
as $$
declare
	t florin.credit_transactions;
begin
	t.kind := row_kind;
	t.amount := credits;
	t.reference_type := 'order';
	t.reference_id := o.id;
	t.actor := actor;
	call florin.feed(w, t, source, credits,
		o.paid_at + make_interval(days => o.expires_after_days), null);
	call florin.post(w, t);
	o.credited := o.credited + credits;
end
$$;

-- Totals are gross: a refund never lowers them, nor the level.
create or replace procedure florin.add_recharge(
	inout w florin.wallets, currency text, amount bigint)
language plpgsql
as $$
declare
	total constant numeric :=
		coalesce((w.total_recharged ->> currency)::numeric, 0) + amount;
begin
	if total > 9007199254740991 then
		perform florin.refuse('balance_limit');
	end if;
	w.total_recharged := w.total_recharged
		|| jsonb_build_object(currency, total);
	w.level := greatest(w.level, (
		select max(l.level) from florin.levels l
		where (w.total_recharged ->> l.currency)::bigint
			>= l.total_recharged));
end
$$;
