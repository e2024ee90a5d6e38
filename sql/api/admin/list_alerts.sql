-- GET /api/admin/alerts: what people were told, newest first.
create or replace function florin_admin.list_alerts(
	caller text, user_id text, category text, status text, detector text,
	"from" timestamptz, "to" timestamptz, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	before constant text := cursor_id(cursor);
	rows json[];
	ids text[];
begin
	select array_agg(alert_json(p.a) order by (p.a).id desc),
		array_agg((p.a).id order by (p.a).id desc)
		into rows, ids
		from (
			select a from alerts a
			where (before is null or a.id < before)
				and (list_alerts.user_id is null
					or a.user_id = list_alerts.user_id)
				and (list_alerts.category is null
					or a.category = list_alerts.category)
				and (list_alerts.status is null
					or a.status = list_alerts.status)
				and (list_alerts.detector is null
					or a.detector = list_alerts.detector)
				and ("from" is null or a.first_seen_at >= "from")
				and ("to" is null or a.first_seen_at < "to")
			order by a.id desc
			limit page + 1
		) p;
	return list_answer(rows, page, ids[page]);
end
$$;
