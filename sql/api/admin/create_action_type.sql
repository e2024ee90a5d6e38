-- POST /api/admin/action-types.
create or replace function florin_admin.create_action_type(
	caller text, ip text, user_agent text,
	action_type text, counters text[], reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform check_counters(counters);
	return create_catalogue('action_type', jsonb_build_object('action_type',
		action_type, 'counters', counters), caller,
		'create_action_type', reason, ip, user_agent);
end
$$;
