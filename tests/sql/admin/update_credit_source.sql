-- florin_admin.update_credit_source.
select no_plan();
create function pg_temp.make(source text, priority bigint default 40,
	days bigint default null, grantable boolean default null,
	merge boolean default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.create_credit_source('admin:root',
		'192.0.2.1', 'curl', source, priority, 'promotional', merge,
		grantable, days, 'a new one')
$$;
create function pg_temp.change(source text, priority bigint default null,
	days bigint default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.update_credit_source('admin:root',
		'192.0.2.1', 'curl', source, priority, null, null, null, days,
		'better')
$$;
select pg_temp.make('event.z', 40, 30);
select t.register('src-2');
select t.give('src-2', 5, 'event.z');
select is(pg_temp.change('event.z', 50, 0), '{"source": "event.z",
	"priority": 50, "category": "promotional", "merge": false,
	"grantable": true, "expires_after_days": null}',
	'changed; 0 days: no end; the rest stays');
select is(priority, 40, 'what has begun keeps its terms')
	from florin.grants where user_id = 'src-1' and source = 'event.z';
select is(pg_temp.change('event.z') -> 'priority', '50', 'nothing given');
select results_eq($$select before ->> 'priority', after ->> 'priority',
	reason, ip from florin.admin_operation_logs
	where operation = 'update_credit_source'
		and after ->> 'source' = 'event.z'$$,
	$$values ('40', '50', 'better', '192.0.2.1')$$,
	'logged once: nothing given is no change');
select t.refused($$select pg_temp.change('nothing')$$, '', 'not_found');
select is(body::jsonb -> 'grantable', 'false', 'no longer grantable')
	from florin_admin.update_credit_source('admin:root', null, null,
		'event.z', null, null, null, false, null, 'over');
select t.refused($$select t.give('src-2', 5, 'event.z')$$, 'src-2',
	'unknown_source');
select t.whole($$select pg_temp.change('event.z', 60)$$, '', 2,
	'update_credit_source');
select t.all_well('src-2');
select finish();
