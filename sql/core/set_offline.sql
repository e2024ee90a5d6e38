-- `florinctl settings NAME VALUE`: a setting that changes only while nothing
-- of florind is connected, so that all requests have one value.  What copied
-- it when it began (a membership's zone) keeps its own.
create or replace function florin.set_offline(
	setting_name text, new_value text, caller text, reason text,
	user_agent text)
returns void
language plpgsql
as $$
declare
	s florin.settings;
begin
	perform florin.expect_no_pools(); -- before others would wait for us
	lock table florin.settings in access exclusive mode;
	perform florin.expect_no_pools();
	select * into s from florin.settings where name = setting_name;
	if s.name is null then
		perform florin.refuse_field(setting_name, 'unknown',
			'there is no such setting');
	elsif not s.offline then
		perform florin.refuse_field(setting_name, 'choice',
			'is changed by PATCH /api/admin/settings');
	elsif setting_name = 'timezone' and not florin.is_zone(new_value) then
		perform florin.refuse_field(setting_name, 'choice',
			'must be a zone of the IANA data base like Asia/Shanghai');
	elsif s.value = to_jsonb(new_value) then
		return;
	end if;
	update florin.settings set value = to_jsonb(new_value)
		where name = setting_name;
	perform florin.log_operation(caller, '', 'update_settings',
		jsonb_build_object(setting_name, s.value),
		jsonb_build_object(setting_name, new_value), reason, null, user_agent);
end
$$;

create or replace function florin.expect_no_pools() returns void
language plpgsql
as $$
declare
	sessions constant bigint := (
		select count(*) from pg_stat_activity a
		where a.datname = current_database() and a.pid <> pg_backend_pid()
			and a.usename in ('florin_web', 'florin_admin', 'florin_jobs'));
begin
	if sessions > 0 then
		perform florin.refuse('unavailable', '{}', format(
			'florind is connected (%s sessions): stop it first', sessions));
	end if;
end
$$;

-- Names that other systems mean alike: none of this computer's own.
create or replace function florin.is_zone(name text) returns boolean
language sql stable
as $$
	select exists (select from pg_timezone_names z where z.name = is_zone.name)
		and name !~ '^(posix/|right/|posixrules$|localtime$|Factory$)'
$$;
