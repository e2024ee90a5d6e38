-- An order of a package: price, bonus and terms are copied in, so that a later
-- change of the package, or of a setting, is for later orders.
create or replace function florin.order_package(
	w florin.wallets, package_id text, currency text)
returns florin.payment_orders
language plpgsql
as $$
declare
	p florin.credit_packages;
	o florin.payment_orders;
begin
	select * into p from florin.credit_packages c
		where c.package_id = order_package.package_id and c.available;
	if not found then
		perform florin.refuse('unknown_package');
	elsif currency <> p.currency then
		perform florin.refuse_field('currency', 'choice',
			'this package is sold in ' || p.currency);
	end if;
	perform florin.require_plan(w.user_id, p.min_plan);
	o.package_id := p.package_id;
	o.amount := p.amount;
	o.currency := p.currency;
	o.credits := p.credits;
	o.bonus_credits := p.bonus_credits
		+ case when florin.is_member(w.user_id)
			then p.member_bonus_credits else 0 end;
	o.first_recharge_bonus := florin.setting('first_recharge_bonus');
	o.expires_after_days := p.expires_after_days;
	return o;
end
$$;

-- An order of a plan: it brings the plan's quota, no credits of its own.
create or replace function florin.order_plan(
	w florin.wallets, plan text, period text, currency text)
returns florin.payment_orders
language plpgsql
as $$
declare
	q record;
	o florin.payment_orders;
begin
	q := florin.quote_plan(plan, period, currency);
	o.plan := plan;
	o.period := period;
	o.amount := q.amount;
	o.currency := q.currency;
	o.terms := q.terms;
	o.credits := 0;
	o.bonus_credits := 0;
	o.first_recharge_bonus := 0;
	return o;
end
$$;

-- Write down an order that nothing has happened to, and whose it is.
create or replace function florin.insert_order(
	w florin.wallets, terms florin.payment_orders, caller text)
returns florin.payment_orders
language plpgsql
as $$
declare
	o florin.payment_orders := terms;
begin
	o.user_id := w.user_id;
	o.id := florin.new_id(w.last_effective_at);
	o.status := 'pending';
	o.created_by := caller;
	o.created_at := w.last_effective_at;
	o.expires_at := w.last_effective_at
		+ florin.setting('order_ttl')::interval;
	o.provider_reference := null;
	o.late := false;
	o.paid_at := null;
	o.first_seq := null;
	o.last_seq := null;
	o.credited := 0;
	o.refunded_amount := 0;
	o.claimed := 0;
	o.taken := 0;
	o.shortfall := 0;
	insert into florin.payment_orders select o.*;
	insert into florin.order_directory (order_id, owner)
		values (o.id, o.user_id);
	return o;
end
$$;
