-- PATCH /api/admin/action-types/{action_type}.
create or replace function florin_admin.update_action_type(
	caller text, ip text, user_agent text,
	action_type text, counters text[], reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform check_counters(counters);
	return update_catalogue('action_type', action_type, jsonb_build_object(
		'counters', counters), caller, 'update_action_type', reason,
		ip, user_agent);
end
$$;
