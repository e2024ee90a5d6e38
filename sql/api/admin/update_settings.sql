-- PATCH /api/admin/settings: set those that are named, all or none.
create or replace function florin_admin.update_settings(
	caller text, ip text, user_agent text, changes jsonb, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	faults jsonb;
	before jsonb;
begin
	perform from settings s where changes ? s.name order by s.name for update;
	select jsonb_agg(jsonb_build_object('field', c.key, 'code', f.code,
			'detail', f.detail) order by c.key)
		into faults
		from jsonb_each(changes) c
		left join settings s on s.name = c.key
		cross join lateral setting_fault(s, c.value) f
		where f.code is not null;
	if faults is not null then
		perform refuse('invalid_request', jsonb_build_object('errors', faults),
			format('%s: %s', faults #>> '{0,field}', faults #>> '{0,detail}'));
	end if;
	select jsonb_object_agg(s.name, s.value) into before
		from settings s where changes ? s.name;
	if before <> changes then
		update settings s set value = changes -> s.name
			where changes ? s.name;
		perform log_operation(caller, '', 'update_settings', before, changes,
			reason, ip, user_agent);
	end if;
	return (200, settings_json()::text, false, null)::answer;
end
$$;
