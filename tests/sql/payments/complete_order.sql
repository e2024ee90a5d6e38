-- florin_api.complete_order: credits once per order and payment.
select no_plan();
select t.package('c100', 100, 990), t.package('c500', 500, 4500, 50, 30),
	t.package('cusd', 100, 149, currency => 'USD');
select t.set_setting('first_recharge_bonus', '30');
select t.register('pay-1');

create temp table o as select t.order('pay-1', 'c500') as id;
update florin.credit_packages set credits = 1, bonus_credits = 1
	where package_id = 'c500';
select t.set_setting('first_recharge_bonus', '0');

-- Completion: three rows, three grants.
select t.refused($$select t.complete('pay-1', 'x', 'pi_1', 1)$$, 'pay-1',
	'not_found');
create temp table done as
	select t.complete('pay-1', id, 'pi_1', 4500, key => 'k') as b from o;
select is(t.ledger('pay-1', 1), '[["recharge", 500], ["recharge_bonus", 50],
	["first_recharge_bonus", 30]]', 'base, bonus, first recharge bonus');
select is(jsonb_path_query_array(b, '$.transactions[*].kind'),
	'["recharge", "recharge_bonus", "first_recharge_bonus"]',
	'they are the answer''s transactions') from done;
select is(jsonb_path_query_array(b, '$.transactions[*].reference.id'),
	jsonb_build_array(id, id, id), 'and name the order') from done, o;
select is(t.open_grants('pay-1'), '{"registration": 50, "purchase": 500,
	"bonus": 50, "first_recharge_bonus": 30}', 'grants of their own');
select is(array_agg(distinct g.expires_at - p.paid_at), array['30 d'::interval],
	'all of them live as long as the package said')
	from florin.grants g, florin.payment_orders p
	where g.user_id = 'pay-1' and g.order_id = p.id and p.user_id = 'pay-1';
select is(b #> '{wallet,total_recharged}', '{"CNY": 4500}', 'recharged')
	from done;
select isnt(b #>> '{wallet,first_recharged_at}', null, 'for the first time')
	from done;
select is(b #> '{order,status}', '"paid"', 'paid') from done;
select is(b #> '{order,late}', 'false', 'in time') from done;

-- Once.
select is(t.complete('pay-1', o.id, 'pi_1', 4500, key => 'k'), done.b,
	'the same key: the first answer') from o, done;
select is(t.complete('pay-1', o.id, 'pi_1', 4500, key => 'k2')
		- 'wallet', done.b - 'wallet',
	'the same payment: the first answer') from o, done;
select is(t.version('pay-1'), 4::bigint, 'and no row more');
select is(t.alerts('pay-1'), '{}', 'that is no alert');
select is(t.complete('pay-1', o.id, 'pi_2', 4500), '"order_closed"',
	'another payment of a paid order') from o;
select is(t.alerts('pay-1'), '{"unmatched_payment": 1}', 'is real money');
select is(matched, false, 'noted as unmatched') from florin.payment_references
	where reference = 'pi_2';
select is(t.complete('pay-1', o.id, 'pi_2', 4500), '"order_closed"', 'again')
	from o;
select is(t.alerts('pay-1'), '{"unmatched_payment": 2}', 'is counted');
select is(t.complete('pay-1', o.id, 'pi_1', 4501), '"payment_mismatch"',
	'the same payment with another amount') from o;
select is(t.version('pay-1'), 4::bigint, 'none of them gave anything');
select is(t.open_grants('pay-1') -> 'purchase', '500', 'really');

-- Another order: no first recharge bonus any more; a reference is of one.
select t.set_setting('first_recharge_bonus', '30');
create temp table o2 as select t.order('pay-1', 'c100') as id;
select t.set_setting('first_recharge_bonus', '0');
create temp table first_time as select first_recharged_at
	from florin.wallets where user_id = 'pay-1';
select is(t.complete('pay-1', id, 'pi_1', 990), '"order_closed"',
	'a reference of another order') from o2;
select is(t.complete('pay-1', id, 'pi_3', 989), '"payment_mismatch"',
	'another amount') from o2;
select is(t.complete('pay-1', id, 'pi_3', 990, 'USD'), '"payment_mismatch"',
	'another currency') from o2;
select is(status, 'pending', 'nothing happened to the order')
	from florin.payment_orders p, o2 where p.id = o2.id;
select is(jsonb_path_query_array(t.complete('pay-1', id, 'pi_3', 990),
	'$.transactions[*].kind'), '["recharge"]', 'then the right one') from o2;
select is(total_recharged, '{"CNY": 5490}', 'totals add up')
	from florin.wallets where user_id = 'pay-1';
select is(w.first_recharged_at, f.first_recharged_at, 'the first time stays')
	from florin.wallets w, first_time f where user_id = 'pay-1';
select is(count(*), 1::bigint, 'one first recharge')
	from florin.first_recharges where user_id = 'pay-1';

select t.complete('pay-1', t.order('pay-1', 'cusd'), 'pi_usd', 149, 'USD');
select is(total_recharged, '{"CNY": 5490, "USD": 149}', 'each has its total')
	from florin.wallets where user_id = 'pay-1';

-- Levels by total recharge: the highest that any currency reaches, for ever.
insert into florin.levels values ('XTS', 2, 100), ('XTS', 3, 200);
select t.package('cx', 1, 100, currency => 'XTS');
select t.register('pay-2');
create function pg_temp.buy(uid text, package text, reference text)
returns jsonb language sql as $$
	select t.complete(uid, t.order(uid, package), reference, p.amount,
		p.currency)
	from florin.credit_packages p where p.package_id = package
$$;
select is(pg_temp.buy('pay-2', 'cx', 'x1') #> '{wallet,level}', '2', 'level 2');
select is(pg_temp.buy('pay-2', 'cx', 'x2') #> '{wallet,level}', '3', 'level 3');
delete from florin.levels where currency = 'XTS' and level = 3;
select is(pg_temp.buy('pay-2', 'cx', 'x3') #> '{wallet,level}', '3', 'stays');

-- Late money is real.
create temp table late as select t.order('pay-2', 'c100') as expired,
	t.order('pay-2', 'c100') as cancelled;
select florin_api.cancel_order('user', 'pay-2', null, null, cancelled)
	from late;
select is(t.complete('pay-2', cancelled, 'l1', 990) #> '{order,late}', 'true',
	'money for a cancelled order') from late;
select t.sleep('30 min');
select is(t.complete('pay-2', expired, 'l2', 990) #> '{order,late}', 'true',
	'money for an order whose time was over') from late;

-- The limit of a balance: noted, an alert, nothing credited.
select t.register('pay-3');
select t.give('pay-3', 9007199254740991 - 100);
create temp table o3 as select t.order('pay-3', 'c100') as id;
select is(t.complete('pay-3', id, 'b1', 990), '"order_closed"',
	'past the limit') from o3;
select is(t.alerts('pay-3'), '{"unmatched_payment": 1}', 'an alert');
select is(t.version('pay-3'), 2::bigint, 'no row');
select is(matched, false, 'unmatched') from florin.payment_references
	where reference = 'b1';
select t.consume('pay-3', 100);
select is(t.complete('pay-3', id, 'b1', 990), '"order_closed"',
	'what was ever granted has the same limit') from o3;

-- A crash at any statement leaves nothing.
select t.register('pay-4');
select t.package('cw', 10, 100, 5);
select t.set_setting('first_recharge_bonus', '3');
create temp table o4 as select t.order('pay-4', 'cw') as id;
select t.whole(format($$select t.complete('pay-4', %L, 'w1', 100, key => 'k')$$,
	id), 'pay-4', 12, 'complete_order') from o4;
select t.set_setting('first_recharge_bonus', '0');
select t.all_well(user_id) from florin.users where user_id like 'pay-_';
delete from florin.credit_packages;
select finish();
