-- GET /api/admin/orders: all users' orders, newest first, as of one moment.
create or replace function florin_admin.list_all_orders(
	caller text, user_id text, status text, provider text,
	"from" timestamptz, "to" timestamptz, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	before constant text := cursor_id(cursor);
	moment constant timestamptz := clock();
	rows json[];
	ids text[];
begin
	select array_agg(order_json(p.o, moment) order by (p.o).id desc),
		array_agg((p.o).id order by (p.o).id desc)
		into rows, ids
		from (
			select o from payment_orders o
			where (before is null or o.id < before)
				and (list_all_orders.user_id is null
					or o.user_id = list_all_orders.user_id)
				and (list_all_orders.status is null
					or order_status(o, moment) = list_all_orders.status)
				and (list_all_orders.provider is null
					or o.provider = list_all_orders.provider)
				and ("from" is null or o.created_at >= "from")
				and ("to" is null or o.created_at < "to")
			order by o.id desc
			limit page + 1
		) p;
	return dated_list_answer(rows, page, ids[page], moment);
end
$$;
