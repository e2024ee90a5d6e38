-- GET /api/payments/orders/{order_id}: one order.
create or replace function florin_api.get_order(
	caller text, user_id text, order_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	o payment_orders;
begin
	perform touch(user_id, caller);
	select * into o from payment_orders p
		where p.user_id = get_order.user_id and p.id = order_id;
	if not found then
		perform refuse('not_found');
	end if;
	return (200, order_json(o, florin.clock())::text, false, null)::answer;
end
$$;
