-- POST /api/admin/features.  Without a kind its tasks have its own name.
create or replace function florin_admin.create_feature(
	caller text, ip text, user_agent text,
	feature text, kind text, cost bigint, upstream_url text,
	timeout_seconds bigint, min_plan text, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform check_upstream(upstream_url);
	return create_catalogue('feature', jsonb_build_object('feature', feature,
		'kind', coalesce(kind, feature), 'cost', cost,
		'upstream_url', upstream_url,
		'timeout_seconds', coalesce(timeout_seconds, 30),
		'min_plan', min_plan), caller, 'create_feature', reason, ip,
		user_agent);
end
$$;
