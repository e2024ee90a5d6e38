-- PATCH /api/admin/plans/{plan}: for what is bought from now on.  `prices`
-- replaces all of them.
create or replace function florin_admin.update_plan(
	caller text, ip text, user_agent text,
	plan text, rank bigint, monthly_credits bigint, prices jsonb,
	available boolean, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	before jsonb;
begin
	perform check_plan_prices(prices);
	perform check_rank(plan, rank);
	before := lock_catalogue_row('plan', plan);
	call update_catalogue_row('plan', plan, given_fields(jsonb_build_object(
		'rank', rank, 'monthly_credits', monthly_credits,
		'available', available)));
	call set_plan_prices(plan, prices);
	return answer_catalogue('plan', plan, caller, 'update_plan', before,
		reason, ip, user_agent);
end
$$;
