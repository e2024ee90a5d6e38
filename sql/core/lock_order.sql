-- An order of a user, after its wallet is locked: the row is locked, too,
-- because a job ends orders whose time is over without the wallet.
create or replace function florin.lock_order(uid text, order_id text)
returns florin.payment_orders
language plpgsql
as $$
declare
	o florin.payment_orders;
begin
	select * into o from florin.payment_orders
		where user_id = uid and id = lock_order.order_id for update;
	if not found then
		perform florin.refuse('not_found');
	end if;
	return o;
end
$$;

-- Write back an order that this operation has locked and changed.
create or replace procedure florin.save_order(o florin.payment_orders)
language sql
as $$
	update florin.payment_orders set
		status = o.status, provider_reference = o.provider_reference,
		late = o.late, paid_at = o.paid_at, first_seq = o.first_seq,
		last_seq = o.last_seq, credited = o.credited,
		refunded_amount = o.refunded_amount, claimed = o.claimed,
		taken = o.taken, shortfall = o.shortfall, terms = o.terms
		where user_id = o.user_id and id = o.id
$$;
