-- PATCH /api/admin/features/{feature}: for requests from now on.
create or replace function florin_admin.update_feature(
	caller text, ip text, user_agent text,
	feature text, kind text, cost bigint, upstream_url text,
	timeout_seconds bigint, min_plan text, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform check_upstream(upstream_url);
	return update_catalogue('feature', feature, jsonb_build_object(
		'kind', kind, 'cost', cost, 'upstream_url', upstream_url,
		'timeout_seconds', timeout_seconds, 'min_plan', min_plan),
		caller, 'update_feature', reason, ip, user_agent);
end
$$;
