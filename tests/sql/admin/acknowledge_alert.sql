-- florin_admin.acknowledge_alert.
select no_plan();
create function pg_temp.move(verb text, id text default null)
returns jsonb language plpgsql as $$
declare
	a florin.answer;
begin
	execute format('select * from florin_admin.%I(''admin:root'',
		''192.0.2.1'', ''curl'', $1, ''a look'')', verb || '_alert')
		into a using coalesce(id, (select max(l.id) from florin.alerts l
			where l.user_id = 'aa-1'));
	return a.body::jsonb;
end
$$;
create function pg_temp.raise() returns void language sql as $$
	select florin.raise_alert('security', 'test', 'info', 'aa-1', 's', 'd')
$$;
select t.register('aa-1');
select pg_temp.raise();
select is(pg_temp.move('acknowledge') ->> 'status', 'acknowledged', 'done');
select is(row(operation, before ->> 'status', after ->> 'status', reason,
	ip, user_agent)::text,
	'(acknowledge_alert,open,acknowledged,"a look",192.0.2.1,curl)', 'logged')
	from florin.admin_operation_logs where user_id = 'aa-1';
create temp table once as select t.picture('aa-1') as p;
select is(pg_temp.move('acknowledge') ->> 'status', 'acknowledged', 'again');
select is(t.picture('aa-1'), p, 'writes nothing') from once;
select pg_temp.raise();
select is(count(*), 1::bigint, 'what goes on is the same alert')
	from florin.alerts where user_id = 'aa-1';
select t.refused($$select pg_temp.move('acknowledge', repeat('0', 26))$$,
	'aa-1', 'not_found');
select finish();
