-- florin_api.get_readiness: what /readyz and the boot check ask.
begin;
select no_plan();
create function pg_temp.ask() returns jsonb language sql as $$
	select body::jsonb from florin_api.get_readiness('local')
$$;
select is(pg_temp.ask() - 'clock_ahead_seconds' - 'now' - 'max_connections'
	- 'fsync', jsonb_build_object('schema_version',
	(select max(number) from florin.migrations), 'test_mode', true,
	'full_page_writes', true, 'in_recovery', false), 'as it is');
select is((pg_temp.ask() ->> 'fsync')::boolean,
	current_setting('fsync')::boolean, 'fsync as the server says');
select is((pg_temp.ask() ->> 'max_connections')::integer, 97,
	'without those kept for superusers');
select t.sleep('1 h');
create temp table before as select
	(pg_temp.ask() ->> 'clock_ahead_seconds')::bigint as ahead;
select t.sleep('90 s');
select is((pg_temp.ask() ->> 'clock_ahead_seconds')::bigint - ahead,
	90::bigint, 'how far the test clock is ahead') from before;
select ok((pg_temp.ask() ->> 'now')::timestamptz - t.now()
	< '1 s'::interval, 'its time');
select finish();
rollback;
