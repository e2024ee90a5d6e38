-- POST /api/admin/plans.
create or replace function florin_admin.create_plan(
	caller text, ip text, user_agent text,
	plan text, rank bigint, monthly_credits bigint, prices jsonb,
	available boolean, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	fields constant jsonb := given_fields(jsonb_build_object('plan', plan,
		'rank', rank, 'monthly_credits', monthly_credits,
		'available', available));
	before jsonb;
begin
	perform check_plan_prices(prices);
	perform check_rank(plan, rank);
	if create_catalogue_row('plan', fields) then
		call set_plan_prices(plan, prices);
	else
		before := lock_catalogue_row('plan', plan);
		if not has_fields(before, fields)
				or not before -> 'prices' @> prices
				or not prices @> (before -> 'prices') then
			perform refuse('already_done', '{}',
				'it exists with other fields: change it with PATCH');
		end if;
	end if;
	return answer_catalogue('plan', plan, caller, 'create_plan', before,
		reason, ip, user_agent);
end
$$;
