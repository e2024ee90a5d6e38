-- florin_api.extend_task: a lease for longer.
select no_plan();

select t.register('tq-1'), t.register('tq-2');
select t.task('tq-1', 5, 'tq.a');
create temp table claimed as select t.claim('tq.a') as k;
create function pg_temp.token(n integer) returns text language sql as $$
	select case n when 1 then k ->> 'claim_token' else repeat('0', 32) end
	from claimed
$$;
create function pg_temp.call(op text, token text, argument text default null)
returns text language sql as $$
	select format('select florin_api.%s_task(''service:be'', ''tq-1'', null,'
		' null, %L, %L, %s)', op, k ->> 'id', token, coalesce(argument,
		case op when 'extend' then '60' else '''"x"''' end)) from claimed
$$;

create temp table extended as select body::jsonb -> 'task' as k
	from claimed, florin_api.extend_task('service:be', 'tq-1', null, null,
	k ->> 'id', k ->> 'claim_token', 3600);
select cmp_ok((e.k ->> 'lease_expires_at')::timestamptz, '>',
	(c.k ->> 'lease_expires_at')::timestamptz + '58 min', 'extended')
	from extended e, claimed c;
select is(e.k - 'lease_expires_at', c.k - 'lease_expires_at',
	'and nothing else') from extended e, claimed c;
select t.refused(pg_temp.call(op, pg_temp.token(2)), 'tq-1', 'lease_lost',
	(select jsonb_build_object('task', e.k - 'claim_token'
		- 'lease_expires_at') from extended e),
	op || ' with another token')
	from unnest(array['extend', 'complete', 'fail']) op;
select t.refused(replace(pg_temp.call(op, pg_temp.token(1)), 'tq-1', 'tq-2'),
	'tq-2', 'not_found', '{}', op || ': not this user''s')
	from unnest(array['extend', 'complete', 'fail']) op;

select t.register('tq-w');
select t.task('tq-w', 2, 'tq.w');
select t.claim('tq.w');
select t.whole($$select t.extend('tq-w')$$, 'tq-w', 1, 'extend_task');
select t.all_well(u) from unnest(array['tq-1', 'tq-2']) u;
select finish();
