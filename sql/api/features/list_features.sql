-- GET /api/features: what there is and what it costs, by name.
create or replace function florin_api.list_features(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language plpgsql stable security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	after constant text := cursor_name(cursor);
	rows json[];
	names text[];
begin
	select array_agg(json_build_object(
			'feature', p.feature,
			'cost', p.cost,
			'min_plan', p.min_plan) order by p.feature),
		array_agg(p.feature order by p.feature)
		into rows, names
		from (
			select f.feature, f.cost, f.min_plan from features f
			where after is null or f.feature > after
			order by f.feature
			limit page + 1
		) p;
	return list_answer(rows, page,
		encode(convert_to(names[page], 'UTF8'), 'hex'));
end
$$;
