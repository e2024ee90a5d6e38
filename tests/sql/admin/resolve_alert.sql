-- florin_admin.resolve_alert.
select no_plan();
create function pg_temp.move(verb text, id text default null)
returns jsonb language plpgsql as $$
declare
	a florin.answer;
begin
	execute format('select * from florin_admin.%I(''admin:root'',
		''192.0.2.1'', ''curl'', $1, ''a look'')', verb || '_alert')
		into a using coalesce(id, (select max(l.id) from florin.alerts l
			where l.user_id = 'ra-1'));
	return a.body::jsonb;
end
$$;
create function pg_temp.raise() returns void language sql as $$
	select florin.raise_alert('security', 'test', 'info', 'ra-1', 's', 'd')
$$;
select t.register('ra-1');
select pg_temp.raise();
select t.whole($$select pg_temp.move('resolve')$$, 'ra-1', 2,
	'resolve_alert');
select is(pg_temp.move('resolve') ->> 'status', 'resolved', 'it is over');
create temp table once as select t.picture('ra-1') as p;
select is(pg_temp.move('acknowledge') ->> 'status', 'resolved',
	'it never goes back');
select is(t.picture('ra-1'), p, 'and nothing is written') from once;
select pg_temp.raise();
select is(count(*), 2::bigint, 'what comes later is another alert')
	from florin.alerts where user_id = 'ra-1';
select pg_temp.move('acknowledge');
select is(pg_temp.move('resolve') ->> 'status', 'resolved',
	'after somebody looked');
select t.refused($$select pg_temp.move('resolve', repeat('0', 26))$$, 'ra-1',
	'not_found');
select finish();
