-- What providers tell: record_notice, apply_notice.
select no_plan();
select t.package('n100', 100, 1000), t.package('nd', 100, 1000, 0, 10);
select t.register('not-1');
create function pg_temp.state(order_id text) returns jsonb
language sql as $$
	select jsonb_build_array(status, refunded_amount, taken, shortfall)
	from florin.payment_orders where id = order_id
$$;
create function pg_temp.outcome(event text) returns text
language sql as $$
	select outcome from florin.payment_notices where event_id = event
$$;

-- A payment, told twice, by two events.
create temp table a as select t.order('not-1', 'n100') as id;
select is(t.notice('stripe', 'e1', t.paid(id, 'pi_a', 1000)), 'completed',
	'paid') from a;
select is(t.notice('stripe', 'e1', t.paid(id, 'pi_a', 1000)), 'repeated',
	'the same notice') from a;
select is(t.notice('stripe', 'e2', t.paid(id, 'pi_a', 1000)), 'repeated',
	'another notice of the same payment') from a;
select is(t.balance('not-1'), 150::bigint, 'credited once');
select is(actor, 'payment:stripe', 'by the provider')
	from florin.credit_transactions where user_id = 'not-1' and seq = 2;
select is(attempts, 2, 'attempts are counted') from florin.payment_notices
	where event_id = 'e1';
select is(owner, 'not-1', 'and whose it is') from florin.payment_notices
	where event_id = 'e1';
select is(raw, 'raw'::bytea, 'raw') from florin.payment_notices
	where event_id = 'e1';

-- What does not fit.
create temp table b as select t.order('not-1', 'n100') as id;
select is(t.notice('stripe', 'e3', t.paid(id, 'pi_b', 999)),
	'payment_mismatch', 'amount') from b;
select is(t.notice('stripe', 'e4', t.paid(id, 'pi_b', 1000, 'USD')),
	'payment_mismatch', 'currency') from b;
select is(t.notice('alipay', 'e5', t.paid(id, 'pi_b', 1000)),
	'payment_mismatch', 'provider') from b;
select is(t.alerts('not-1'), '{"payment_mismatch": 3}', 'alerts');
select is(pg_temp.outcome('e3'), 'payment_mismatch', 'the notice says so');
select is(t.notice('stripe', 'e6', t.paid('nosuchorder', 'pi_c', 1000)),
	'not_found', 'an unknown order');
select is(t.alerts(''), '{"unmatched_payment": 1}', 'is an alert of nobody');
select is(t.notice('stripe', 'e7', t.paid((select id from a), 'pi_d', 1000)),
	'order_closed', 'a second payment: nothing to tell the provider');
select is(t.notice('stripe', 'e8', t.paid(id, 'pi_a', 1000)), 'order_closed',
	'a reference of another order') from b;
select is(t.balance('not-1'), 150::bigint, 'none of them gave anything');
select is(t.notice('stripe', 'e9', '{"what": "none"}'), 'ignored',
	'what we do not read is kept');
select is(pg_temp.outcome('e9'), 'ignored', 'and says so');
select is((t.fault($$select florin_api.apply_notice('x', 'stripe', 'no')$$))
	->> 'code', 'unavailable', 'what was not recorded is not applied');

-- Refunds by their sum so far, in any order; a second payment's refund.
select is(t.notice('stripe', 'r1', t.money_back('refunded', 'pi_a', 'ch_a',
	300, true)), 'applied', 'a part');
select is(t.notice('stripe', 'r2', t.money_back('refunded', 'pi_a', 'ch_a',
	500, true)), 'applied', 'more');
select is(t.notice('stripe', 'r1', t.money_back('refunded', 'pi_a', 'ch_a',
	300, true)), 'applied', 'the first again');
select is(pg_temp.state(id), '["partially_refunded", 500, 50, 0]', 'half')
	from a;
select is(t.notice('stripe', 'r3', t.money_back('refunded', 'pi_d', 'ch_d',
	1000, true, (select id from a))), 'ignored',
	'a payment that gave nothing takes nothing back');
select is(pg_temp.state(id), '["partially_refunded", 500, 50, 0]', 'really')
	from a;

-- A dispute, and that it was won: nets out.  Also the other way round.
select is(t.notice('stripe', 'd1', t.money_back('disputed', 'pi_a', 'dp_a',
	1000)), 'applied', 'disputed');
select is(pg_temp.state(id), '["refunded", 1000, 100, 0]', 'all goes') from a;
select t.notice('stripe', 'd1', t.money_back('disputed', 'pi_a', 'dp_a', 1000));
select is(t.notice('stripe', 'd2', t.money_back('dispute_won', 'pi_a', 'dp_a',
	1000)), 'applied', 'won');
select is(pg_temp.state(id), '["partially_refunded", 500, 50, 0]', 'as before')
	from a;
select is(t.balance('not-1'), 100::bigint, 'the credits are back');
select is(t.open_grants('not-1'), '{"registration": 50, "purchase": 50}',
	'in the grant that they came from');
select t.notice('stripe', 'd2', t.money_back('dispute_won', 'pi_a', 'dp_a',
	1000));
select t.notice('stripe', 'd1', t.money_back('disputed', 'pi_a', 'dp_a', 1000));
select is(pg_temp.state(id), '["partially_refunded", 500, 50, 0]',
	'again changes nothing') from a;
select t.notice('stripe', 'd3', t.money_back('dispute_won', 'pi_a', 'dp_b',
	1000));
select t.notice('stripe', 'd4', t.money_back('disputed', 'pi_a', 'dp_b', 1000));
select is(pg_temp.state(id), '["partially_refunded", 500, 50, 0]',
	'won before it was told') from a;

-- A dispute with a shortfall that is won: the shortfall is forgiven first.
create temp table c as select t.order('not-1', 'n100') as id;
select t.notice('stripe', 'c1', t.paid(id, 'pi_c1', 1000)) from c;
select t.consume('not-1', 180);
select t.notice('stripe', 'c2', t.money_back('disputed', 'pi_c1', 'dp_c',
	1000));
select is(pg_temp.state(id), '["refunded", 1000, 20, 80]', 'spent') from c;
select t.notice('stripe', 'c3', t.money_back('dispute_won', 'pi_c1', 'dp_c',
	1000));
select is(pg_temp.state(id), '["paid", 0, 0, 0]', 'as if nothing was') from c;
select is(t.balance('not-1'), 20::bigint, 'the balance, too');

-- Clawed back, expired meanwhile, won: a grant that lives refund_grace.
create temp table e as select t.order('not-1', 'nd') as id;
select t.notice('stripe', 'g1', t.paid(id, 'pi_g', 1000)) from e;
select t.notice('stripe', 'g2', t.money_back('disputed', 'pi_g', 'dp_g', 1000));
select t.sleep('11 d');
select t.notice('stripe', 'g3', t.money_back('dispute_won', 'pi_g', 'dp_g',
	1000));
select is(remaining::bigint, 100::bigint, 'they come back') from florin.grants
	where user_id = 'not-1' and source = 'refund';

-- Money that went back is told before the payment, by reference or order.
create temp table f as select t.order('not-1', 'n100') as id,
	t.order('not-1', 'n100') as id2;
select is(t.notice('stripe', 'w1', t.money_back('refunded', 'pi_f', 'ch_f',
	400, true)), 'waiting', 'an unknown payment');
select is(t.notice('stripe', 'w2', t.paid(id, 'pi_f', 1000)), 'completed',
	'then it is told') from f;
select is(pg_temp.state(id), '["partially_refunded", 400, 40, 0]', 'both')
	from f;
select is(pg_temp.outcome('w1'), 'applied', 'the notice waits no more');
select is(t.notice('stripe', 'w3', t.money_back('disputed', 'pi_f2', 'dp_f',
	1000, false, id2)), 'applied', 'an unpaid order') from f;
select is(pg_temp.state(id2), '["pending", 0, 0, 0]', 'has nothing yet') from f;
select t.notice('stripe', 'w4', t.paid(id2, 'pi_f2', 1000)) from f;
select is(pg_temp.state(id2), '["refunded", 1000, 100, 0]', 'both') from f;

create temp table f3 as select t.order('not-1', 'n100') as id;
select is(t.notice('stripe', 'w5', t.money_back('disputed', 'pi_f3', 'dp_f3',
	1000)), 'waiting', 'told before');
select t.complete('not-1', id, 'pi_f3', 1000) from f3;
select is(pg_temp.state(id), '["refunded", 1000, 100, 0]',
	'the back end says that it was paid: both') from f3;

-- A subscription: its first invoice is the order's payment.
create temp table g as select t.order('not-1', 'n100') as id;
select is(t.notice('stripe', 's1', jsonb_build_object('what', 'renewed',
	'references', array['in_1'], 'aliases', array['sub_1'], 'order_id', id,
	'amount', 1000, 'currency', 'CNY')), 'completed', 'the invoice comes first')
	from g;
select is(t.notice('stripe', 's2', jsonb_build_object('what', 'paid',
	'references', array['in_1', 'cs_1'], 'aliases', array['sub_1'],
	'order_id', id, 'amount', 1000, 'currency', 'CNY')), 'repeated',
	'the session is the same payment') from g;
select is(t.notice('stripe', 's1', jsonb_build_object('what', 'renewed',
	'references', array['in_1'], 'aliases', array['sub_1'], 'order_id', null,
	'amount', 1000, 'currency', 'CNY')), 'repeated', 'again');

-- Replays leave a trace; a crash leaves nothing.
select florin_api.apply_notice('admin:root', 'stripe', 'e1');
select results_eq($$select user_id, after ->> 'outcome'
	from florin.admin_operation_logs where operation = 'apply_notice'$$,
	$$values ('not-1', 'repeated')$$, 'an admin''s replay is logged');
select t.register('not-2');
create temp table h as select t.order('not-2', 'n100') as id;
select florin_api.record_notice('payment:stripe', 'stripe', 'whole', 'a.type',
	'raw', t.paid(id, 'pi_whole', 1000)) from h;
select t.whole($$select florin_api.apply_notice('payment:stripe', 'stripe',
	'whole')$$, 'not-2', 8, 'a payment');
select t.notice('stripe', 'whole', t.paid(id, 'pi_whole', 1000)) from h;
select florin_api.record_notice('payment:stripe', 'stripe', 'whole-r', 'a.type',
	'raw', t.money_back('disputed', 'pi_whole', 'dp_w', 1000));
select t.whole($$select florin_api.apply_notice('payment:stripe', 'stripe',
	'whole-r')$$, 'not-2', 6, 'a dispute');
select t.all_well(user_id) from florin.users where user_id like 'not-%';
delete from florin.credit_packages;
select finish();
