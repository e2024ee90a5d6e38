-- GET /api/credits/packages: what credits cost, cheapest first.  The cursor is
-- how many were shown: the list is short.
create or replace function florin_api.list_packages(
	caller text, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 50);
	shown constant bigint := coalesce(cursor_seq(cursor), 0);
	rows json[];
begin
	select array_agg(package_json(r.p) order by r.place) into rows
		from (
			select p, row_number() over (
				order by p.currency, p.amount, p.package_id) as place
			from credit_packages p where p.available
		) r
		where r.place between shown + 1 and shown + page + 1;
	return list_answer(rows, page, (shown + page)::text);
end
$$;
