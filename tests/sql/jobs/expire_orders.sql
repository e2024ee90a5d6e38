-- florin_jobs.expire_orders: writes down what is over, in small steps.
select no_plan();
select t.package('exp', 1, 100);
select t.register('exp-1');
update florin.payment_orders set status = 'expired' where status = 'pending';
create temp table o as select n, t.order('exp-1', 'exp') as id
	from generate_series(1, 3) n;
create function pg_temp.expire(n bigint) returns jsonb language sql as $$
	select body::jsonb from florin_jobs.expire_orders('system', n)
$$;
select is(pg_temp.expire(null), '{"expired": 0}', 'nothing is due');
select t.complete('exp-1', id, 'exp', 100) from o where n = 1;
select t.sleep('30 min');
select is(pg_temp.expire(1), '{"expired": 1}', 'one');
select is(pg_temp.expire(null), '{"expired": 1}', 'the others');
select is(pg_temp.expire(null), '{"expired": 0}', 'none is left');
select results_eq($$select status from florin.payment_orders p join o using (id)
	order by n$$, $$values ('paid'), ('expired'), ('expired')$$,
	'a paid order stays');
delete from florin.credit_packages;
select finish();
