-- Credits came back by the row t.  Where they are of an order whose refund
-- found too little, they pay that first: nobody has money and credits.
create or replace procedure florin.pay_shortfalls(
	inout w florin.wallets, t florin.credit_transactions)
language plpgsql
as $$
declare
	o florin.payment_orders;
begin
	for o in
		select p.* from florin.payment_orders p
		where p.user_id = w.user_id and p.shortfall > 0 and p.id in (
			select g.order_id
			from jsonb_to_recordset(t.draws) as d (grant_id bigint)
			join florin.grants g on g.user_id = w.user_id and g.id = d.grant_id)
		order by p.id
		for update
	loop
		call florin.pay_shortfall(w, o, t);
	end loop;
end
$$;

create or replace procedure florin.pay_shortfall(
	inout w florin.wallets, o florin.payment_orders,
	returned florin.credit_transactions)
language plpgsql
as $$
declare
	d record;
	t florin.credit_transactions;
	paid bigint := 0;
begin
	for d in
		select e.grant_id, e.amount
		from jsonb_to_recordset(returned.draws)
			as e (grant_id bigint, amount bigint)
		join florin.grants g on g.user_id = w.user_id and g.id = e.grant_id
		where g.order_id = o.id
	loop
		exit when paid = o.shortfall;
		call florin.take_from_grant(w, t, d.grant_id,
			least(d.amount, o.shortfall - paid));
		paid := paid + least(d.amount, o.shortfall - paid);
	end loop;
	t.kind := 'clawback';
	t.amount := -paid;
	t.reference_type := 'order';
	t.reference_id := o.id;
	t.actor := 'system';
	t.effective_at := returned.effective_at;
	call florin.post(w, t);
	o.taken := o.taken + paid;
	o.shortfall := o.shortfall - paid;
	call florin.save_order(o);
end
$$;
