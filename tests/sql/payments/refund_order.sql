-- Refunds of orders: the claw-back, its shortfall, what comes back later.
select no_plan();
select t.package('r100', 100, 1000), t.package('r3', 3, 1000),
	t.package('rb', 90, 1000, 30), t.package('rd', 100, 1000, 0, 10);

-- A user with a paid order; the order's id.
create function pg_temp.paid(uid text, package text) returns text
language plpgsql as $$
declare
	id text;
begin
	if not exists (select from florin.users where user_id = uid) then
		perform t.register(uid);
		perform t.consume(uid, 50);
	end if;
	id := t.order(uid, package);
	perform t.complete(uid, id, 'ref-' || id, 1000);
	return id;
end
$$;
create function pg_temp.state(order_id text) returns jsonb
language sql as $$
	select jsonb_build_array(status, refunded_amount, claimed, taken,
		shortfall) from florin.payment_orders where id = order_id
$$;

-- The whole.
create temp table a as select pg_temp.paid('ref-1', 'r100') as id;
create temp table back as select t.refund_order('ref-1', id) as b from a;
select is(b #> '{transaction,amount}', '-100', 'all is taken') from back;
select is(b #> '{transaction,kind}', '"clawback"', 'by a clawback') from back;
select is(b #> '{transaction,reference}', jsonb_build_object('type', 'order',
	'id', id), 'of the order') from back, a;
select is(b -> 'shortfall', '0', 'nothing is missing') from back;
select is(b #> '{order,status}', '"refunded"', 'refunded') from back;
select is(b #> '{wallet,balance}', '0', 'the balance') from back;
select is(b #> '{wallet,total_recharged}', '{"CNY": 1000}', 'totals stay')
	from back;
select is(b #> '{wallet,total_spent}', '50', 'it is no spending') from back;
select t.refused(format($$select t.refund_order('ref-1', %L)$$, id), 'ref-1',
	'order_not_refundable', '{"refundable": 0}', 'nothing is left') from a;
select t.refused(format($$select t.refund_order('ref-1', %L, 1)$$, id), 'ref-1',
	'order_not_refundable', '{"refundable": 0}') from a;
select t.refused($$select t.refund_order('ref-1', 'x')$$, 'ref-1', 'not_found');

-- Parts: ceil(total * refunded / paid) - already claimed, wide.
create temp table b as select pg_temp.paid('ref-2', 'r3') as id;
select is((t.refund_order('ref-2', id, 1)) #> '{transaction,amount}', '-1',
	'a fraction of a credit is a credit') from b;
select is((t.refund_order('ref-2', id, 332)) #> '{transaction}', 'null',
	'already claimed') from b;
select is(pg_temp.state(id), '["partially_refunded", 333, 1, 1, 0]',
	'the order says so') from b;
select is((t.refund_order('ref-2', id, 1)) #> '{transaction,amount}', '-1',
	'334 of 1000 are two of three') from b;
select t.refused(format($$select t.refund_order('ref-2', %L, 667)$$, id),
	'ref-2', 'order_not_refundable', '{"refundable": 666}', 'more than is left')
	from b;
select is((t.refund_order('ref-2', id)) #> '{transaction,amount}', '-1',
	'without an amount: the rest') from b;
select is(pg_temp.state(id), '["refunded", 1000, 3, 3, 0]', 'all') from b;
select t.package('huge', 9000000000000000, 9000000000000000);
select t.register('ref-big');
create temp table big as select t.order('ref-big', 'huge') as id;
select t.complete('ref-big', id, 'big', 9000000000000000) from big;
select is((t.refund_order('ref-big', id, 4500000000000000))
	#> '{transaction,amount}', '-4500000000000000', 'no overflow') from big;
create temp table pend as select t.order('ref-2', 'r100') as id;
select t.refused(format($$select t.refund_order('ref-2', %L)$$, id),
	'ref-2', 'order_not_refundable', '{"refundable": 0}', 'an unpaid order')
	from pend;

-- From the order's own grants, bonus included, in burn order.
create temp table c as select pg_temp.paid('ref-3', 'rb') as id;
select t.give('ref-3', 500);
select is(t.draws(t.refund_order('ref-3', id, 500) -> 'transaction'),
	'[["bonus", 30], ["purchase", 30]]', 'half: its bonus, then its base')
	from c;
select is(t.open_grants('ref-3'), '{"bonus": 500, "purchase": 60}',
	'nothing else is touched');
select t.consume('ref-3', 540);
select is(t.refund_order('ref-3', id) -> 'shortfall', '40', 'spent: missing')
	from c;
select is(pg_temp.state(id), '["refunded", 1000, 120, 80, 40]', 'recorded')
	from c;
select is(t.alerts('ref-3'), '{"clawback_shortfall": 1}', 'an alert');
select is(t.balance('ref-3'), 0::bigint, 'never below 0');

-- What comes back pays the shortfall first, in the same transaction.
create temp table spent as select max(seq) as seq
	from florin.credit_transactions
	where user_id = 'ref-3' and kind = 'consume';
select is(t.refund('ref-3', seq, 30) #> '{transaction,amount}', '30', 'a part')
	from spent;
select is(t.ledger('ref-3', (select seq + 1 from spent)),
	'[["refund", 30], ["clawback", -30]]', 'back and gone at once');
select is(pg_temp.state(id), '["refunded", 1000, 120, 110, 10]', 'paid') from c;
select t.refund('ref-3', seq) from spent;
select is(pg_temp.state(id), '["refunded", 1000, 120, 120, 0]', 'all paid')
	from c;
select is(t.balance('ref-3'), 500::bigint, 'the rest is the user''s');

-- What had expired is no shortfall; what was spent is.
create temp table d as select pg_temp.paid('ref-4', 'rd') as id;
select t.consume('ref-4', 40);
select t.sleep('10 d');
select is(t.balance('ref-4'), 0::bigint, '60 expired');
select is(t.refund_order('ref-4', id, 500) -> 'shortfall', '0',
	'half: it had expired') from d;
select is(t.refund_order('ref-4', id) -> 'shortfall', '40',
	'the whole: 40 were spent') from d;
select is(pg_temp.state(id), '["refunded", 1000, 100, 0, 40]', 'recorded')
	from d;
-- They come back to a grant that is over: a grant of their own, which pays.
select t.refund('ref-4', seq, 25) from florin.credit_transactions
	where user_id = 'ref-4' and kind = 'consume' and amount = -40;
select is(pg_temp.state(id), '["refunded", 1000, 100, 25, 15]', 'they pay too')
	from d;
select is(t.balance('ref-4'), 0::bigint, 'nobody has money and credits');

-- Returned after the expiry, refunded then: the grace grant is the order's.
create temp table e as select pg_temp.paid('ref-5', 'rd') as id;
select t.consume('ref-5', 100);
select t.sleep('10 d');
select t.refund('ref-5', seq) from florin.credit_transactions
	where user_id = 'ref-5' and kind = 'consume' and amount = -100;
select is(t.open_grants('ref-5'), '{"refund": 100}', 'they live on');
select is(t.refund_order('ref-5', id) -> 'shortfall', '0', 'and are taken')
	from e;
select is(t.balance('ref-5'), 0::bigint, 'all');

-- Keys, callers, traces.
create temp table f as select pg_temp.paid('ref-6', 'r100') as id;
create function pg_temp.keyed(order_id text, key text) returns florin.answer
language sql as $$
	select florin_api.refund_order('admin:root', 'ref-6', key, t.hash(order_id),
		'192.0.2.1', 'curl', order_id, 100, 'sorry')
$$;
create temp table first as select (pg_temp.keyed(id, 'k')).* from f;
select is(a.body, first.body, 'the same key: the first answer')
	from f, first, pg_temp.keyed(id, 'k') a;
select is(pg_temp.state(id), '["partially_refunded", 100, 10, 10, 0]', 'once')
	from f;
select results_eq($$select operation, before -> 'balance', after -> 'balance'
	from florin.admin_operation_logs where user_id = 'ref-6'
	and operation = 'refund_order'$$,
	$$values ('refund_order', '100'::jsonb, '90'::jsonb)$$, 'logged');
select t.whole(format($$select pg_temp.keyed(%L, 'kw')$$, id), 'ref-6', 7,
	'refund_order') from f;
select t.consume('ref-6', 90);
select t.whole(format($$select pg_temp.keyed(%L, 'kw')$$, id), 'ref-6', 5,
	'refund_order with a shortfall') from f;
select t.all_well(user_id) from florin.users where user_id like 'ref-%';
delete from florin.credit_packages;
select finish();
