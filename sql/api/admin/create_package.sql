-- POST /api/admin/packages.
create or replace function florin_admin.create_package(
	caller text, ip text, user_agent text,
	package_id text, title text, credits bigint, bonus_credits bigint,
	member_bonus_credits bigint, amount bigint, currency text,
	expires_after_days bigint, min_plan text, available boolean,
	reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from create_catalogue('package', jsonb_build_object(
		'package_id', package_id, 'title', title, 'credits', credits,
		'bonus_credits', bonus_credits,
		'member_bonus_credits', member_bonus_credits, 'amount', amount,
		'currency', currency, 'expires_after_days', expires_after_days,
		'min_plan', min_plan, 'available', available),
		caller, 'create_package', reason, ip, user_agent)
$$;
