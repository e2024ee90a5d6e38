-- An invoice of a subscription that an order began was paid: one more period
-- of its plan, as an order of its own, so that it can be refunded.  The
-- invoice has the order's price, or today's.  Verdicts as of complete_payment.
-- Money that has no place leaves no order: it is noted at the first one.
create or replace procedure florin.renew_plan_order(
	inout w florin.wallets, inout o florin.payment_orders,
	paid florin.payment, actor text, inout verdict text)
language plpgsql
as $$
declare
	r florin.payment_orders := o;
begin
	if o.plan is null or paid.provider <> o.provider
			or paid.currency <> o.currency
			or not (paid.amount = o.amount or exists (
				select from florin.plan_prices p
				where p.plan = o.plan and p.period = o.period
					and p.currency = o.currency
					and p.amount = paid.amount)) then
		verdict := 'payment_mismatch';
		perform florin.alert_payment(o, paid, verdict);
		return;
	end if;
	r.amount := paid.amount;
	r.terms := jsonb_build_object('bought', 'invoice:' || paid.references[1],
		'renews', o.id);
	verdict := 'order_closed';
	r := florin.insert_order(w, r, actor);
	delete from florin.payment_references n
		where n.provider = paid.provider and n.reference = any (paid.references)
			and n.owner = o.user_id and n.order_id = o.id and not n.matched;
	if florin.claim_references(r, paid, true) then
		call florin.try_credit_order(w, r, paid, actor, verdict);
	end if;
	if verdict <> 'completed' then
		perform florin.refuse(verdict);
	end if;
	call florin.apply_waiting(w, r, actor);
exception when sqlstate 'FL000' then
	if sqlerrm <> verdict then
		raise;
	end if;
	paid.aliases := '{}';
	perform florin.claim_references(o, paid, false);
	perform florin.alert_payment(o, paid, verdict);
end
$$;
