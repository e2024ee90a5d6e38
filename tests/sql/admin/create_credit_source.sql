-- florin_admin.create_credit_source.
select no_plan();
create function pg_temp.make(source text, priority bigint default 40,
	days bigint default null, grantable boolean default null,
	merge boolean default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.create_credit_source('admin:root',
		'192.0.2.1', 'curl', source, priority, 'promotional', merge,
		grantable, days, 'a new one')
$$;
select is(pg_temp.make('event.x', 40, 30), '{"source": "event.x",
	"priority": 40, "category": "promotional", "merge": false,
	"grantable": true, "expires_after_days": 30}', 'made');
select is(pg_temp.make('event.x', 40, 30), pg_temp.make('event.x', 40, 30),
	'the same again is the same');
select t.refused($$select pg_temp.make('event.x', 41, 30)$$, '',
	'already_done');
select t.register('src-1');
select is(t.give('src-1', 5, 'event.x') #>> '{transaction,draws,0,source}',
	'event.x', 'credits can be granted from it');
select is((expires_at - effective_at)::text, '30 days', 'for 30 days')
	from florin.grants where user_id = 'src-1' and source = 'event.x';

select results_eq($$select before, after ->> 'priority', reason, ip
	from florin.admin_operation_logs where operation = 'create_credit_source'$$,
	$$values (null::jsonb, '40', 'a new one', '192.0.2.1')$$, 'logged once');
select t.whole($$select pg_temp.make('event.y')$$, '', 2,
	'create_credit_source');
select is(body::jsonb -> 'grantable', 'false', 'no longer grantable')
	from florin_admin.update_credit_source('admin:root', null, null,
		'event.x', null, null, null, false, null, 'over');
select t.all_well('src-1');
select finish();
