-- POST /api/admin/credit-sources.  Unless it says otherwise, credits can be
-- granted from a new source.
create or replace function florin_admin.create_credit_source(
	caller text, ip text, user_agent text,
	source text, priority bigint, category text,
	merge boolean, grantable boolean, expires_after_days bigint, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from create_catalogue('credit_source', jsonb_build_object(
		'source', source, 'priority', priority, 'category', category,
		'merge', merge, 'grantable', coalesce(grantable, true),
		'expires_after_days', expires_after_days),
		caller, 'create_credit_source', reason, ip, user_agent)
$$;
