-- POST /api/payments/orders/{order_id}/cancel: the payer changed its mind.
-- Again is the same; an order that is paid or over is closed.  Money that
-- comes nevertheless is still real: it completes the order, late.
create or replace function florin_api.cancel_order(
	caller text, user_id text, ip text, user_agent text, order_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	o payment_orders;
	before json;
begin
	w := lock_wallet(user_id, caller);
	w := settle(w);
	o := lock_order(user_id, order_id);
	before := order_json(o, w.last_effective_at);
	case order_status(o, w.last_effective_at)
	when 'pending' then
		o.status := 'cancelled';
		call save_order(o);
		perform log_operation(caller, user_id, 'cancel_order', before::jsonb,
			order_json(o, w.last_effective_at)::jsonb, null, ip, user_agent);
	when 'cancelled' then
		null;
	else
		perform refuse('order_closed', jsonb_build_object('order', before));
	end case;
	return (200, order_json(o, w.last_effective_at)::text, false,
		null)::answer;
end
$$;
