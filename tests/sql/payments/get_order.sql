-- florin_api.get_order: one order, as it is now.
select no_plan();
select t.package('get', 100, 990, 7);
select t.register('get-1');
create temp table o as select t.order('get-1', 'get') as id;
create function pg_temp.shown(uid text, id text) returns jsonb
language sql as $$
	select body::jsonb from florin_api.get_order('user', uid, id)
$$;
select is(pg_temp.shown('get-1', id) - 'created_at' - 'expires_at',
	jsonb_build_object('id', id, 'user_id', 'get-1', 'status', 'pending',
	'item', '{"package_id": "get"}'::jsonb, 'amount', 990, 'currency', 'CNY',
	'credits', 100, 'bonus_credits', 7, 'provider', 'stripe',
	'provider_reference', null, 'late', false, 'paid_at', null,
	'refunded_amount', 0, 'shortfall', 0), 'the shape') from o;
select t.sleep('30 min' - interval '1 s');
select is(pg_temp.shown('get-1', id) ->> 'status', 'pending', 'in its time')
	from o;
select t.sleep('2 s');
select is(pg_temp.shown('get-1', id) ->> 'status', 'expired', 'and after')
	from o;
select is(status, 'pending', 'though no job came by')
	from florin.payment_orders p, o where p.id = o.id;
select t.refused($$select pg_temp.shown('get-1', 'x')$$, 'get-1', 'not_found');
select t.register('get-2');
select t.refused(format('select pg_temp.shown(''get-2'', %L)', id), 'get-2',
	'not_found', '{}', 'another''s') from o;
delete from florin.credit_packages;
select finish();
