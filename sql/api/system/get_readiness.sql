-- What /readyz and the boot check ask of the database.
create or replace function florin_api.get_readiness(caller text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	ahead interval;
	test boolean := (select test_mode from installation);
begin
	if test then
		ahead := florin.clock() - clock_timestamp();
	end if;
	return (200, json_build_object(
		'schema_version', (select max(number) from migrations),
		'test_mode', test,
		'clock_ahead_seconds', round(extract(epoch from ahead))::bigint,
		'fsync', current_setting('fsync') = 'on',
		'full_page_writes', current_setting('full_page_writes') = 'on',
		'in_recovery', pg_is_in_recovery(),
		'max_connections', current_setting('max_connections')::integer
			- current_setting('superuser_reserved_connections')::integer,
		'now', florin.clock())::text, false, null)::answer;
end
$$;
