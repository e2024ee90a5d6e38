-- GET /api/membership/plans: what can be bought, lowest first.
create or replace function florin_api.list_plans(
	caller text, user_id text, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	after constant bigint := coalesce(cursor_seq(cursor), 0);
	rows json[];
	ranks integer[];
begin
	select array_agg(plan_json(s.p) order by (s.p).rank),
		array_agg((s.p).rank order by (s.p).rank)
		into rows, ranks
		from (
			select p from plans p where p.rank > after
			order by p.rank limit page + 1
		) s;
	return list_answer(rows, page, ranks[page]::text);
end
$$;
