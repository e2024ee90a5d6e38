-- florin_api.cancel_order: a pending order; again is the same.
select no_plan();
select t.package('can', 100, 990);
select t.register('can-1');
create function pg_temp.cancel(id text, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.cancel_order(caller, 'can-1',
		'192.0.2.1', 'curl', id)
$$;
create temp table o as select t.order('can-1', 'can') as a,
	t.order('can-1', 'can') as b, t.order('can-1', 'can') as c;
select is(pg_temp.cancel(a) ->> 'status', 'cancelled', 'cancelled') from o;
select is(pg_temp.cancel(a) ->> 'status', 'cancelled', 'again') from o;
select t.complete('can-1', b, 'can-b', 990) from o;
select is(t.fault(format('select pg_temp.cancel(%L)', b)) #>>
	'{extras,order,status}', 'paid', 'a paid one is closed, and told') from o;
select is(t.fault(format('select pg_temp.cancel(%L)', b)) ->> 'code',
	'order_closed', 'so') from o;
select t.whole(format('select pg_temp.cancel(%L, ''admin:root'')', c), 'can-1',
	2, 'cancel_order') from o;
select pg_temp.cancel(c, 'admin:root') from o;
select results_eq($$select before ->> 'status', after ->> 'status'
	from florin.admin_operation_logs
	where user_id = 'can-1' and operation = 'cancel_order'$$,
	$$values ('pending', 'cancelled')$$, 'an admin leaves a trace');
create temp table late as select t.order('can-1', 'can') as id;
select t.sleep('30 min');
select is(t.fault(format('select pg_temp.cancel(%L)', id)) #>>
	'{extras,order,status}', 'expired', 'its time is over') from late;
select t.refused($$select pg_temp.cancel('x')$$, 'can-1', 'not_found');
select t.register('can-2');
select t.refused(format($$select florin_api.cancel_order('user', 'can-2', null,
	null, %L)$$, a), 'can-2', 'not_found', '{}', 'another''s') from o;
select t.all_well('can-1');
delete from florin.credit_packages;
select finish();
