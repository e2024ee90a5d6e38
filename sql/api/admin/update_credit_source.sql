-- PATCH /api/admin/credit-sources/{source}: for grants that begin from now on.
create or replace function florin_admin.update_credit_source(
	caller text, ip text, user_agent text,
	source text, priority bigint, category text,
	merge boolean, grantable boolean, expires_after_days bigint, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from update_catalogue('credit_source', source,
		jsonb_build_object('priority', priority, 'category', category,
		'merge', merge, 'grantable', grantable,
		'expires_after_days', expires_after_days),
		caller, 'update_credit_source', reason, ip, user_agent)
$$;
