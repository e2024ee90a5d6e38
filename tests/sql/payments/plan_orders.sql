-- Orders of plans: bought, late, renewed by invoices, refunded, disputed.
select no_plan();
create function pg_temp.order_plan(uid text, plan text, period text,
	currency text default null)
returns text language sql as $$
	select body::jsonb #>> '{order,id}' from florin_api.create_order('user',
		uid, null, null, null, null, null, plan, period, 'stripe', currency)
$$;
create function pg_temp.state(order_id text) returns jsonb
language sql as $$
	select jsonb_build_array(status, refunded_amount, taken, shortfall)
	from florin.payment_orders where id = order_id
$$;
create function pg_temp.invoice(event text, invoice text, order_id text,
	amount bigint, currency text default 'CNY', sub text default 'sub_po')
returns text language sql as $$
	select t.notice('stripe', event, jsonb_build_object('what', 'renewed',
		'references', array[invoice], 'aliases', array[sub],
		'order_id', order_id, 'amount', amount, 'currency', currency))
$$;
create function pg_temp.plan(uid text) returns jsonb language sql as $$
	select jsonb_build_array(m -> 'plan', m -> 'status',
		jsonb_array_length(m -> 'upcoming'))
	from t.membership(uid) m
$$;

-- Bought.
select t.register('plo-1');
create temp table a as select pg_temp.order_plan('plo-1', 'lite', 'monthly')
	as id;
select is(o #>> '{item,plan}', 'lite', 'the item is a plan')
	from a, florin_api.get_order('user', 'plo-1', id) g, lateral (
		select g.body::jsonb as o) x;
select is(jsonb_build_array(amount, currency, credits, bonus_credits,
	terms), '[1900, "CNY", 0, 0, {"monthly_credits": 100}]',
	'its price and quota are copied in')
	from florin.payment_orders where user_id = 'plo-1';
create temp table done as select t.complete('plo-1', id, 'pi_po1', 1900) as b
	from a;
select is(jsonb_path_query_array(b, '$.transactions[*].kind'),
	'["membership"]', 'the quota comes with it') from done;
select is(b #> '{wallet,total_recharged}', '{"CNY": 1900}',
	'it counts in what was recharged') from done;
select is(b #> '{wallet,first_recharged_at}', 'null',
	'and is no first recharge') from done;
select is(pg_temp.plan('plo-1'), '["lite", "active", 0]', 'a member');
select is(t.complete('plo-1', id, 'pi_po1', 1900) - 'wallet', b - 'wallet',
	'again: the first answer') from a, done;
select is(t.open_grants('plo-1'), '{"registration": 50, "membership": 100}',
	'once');

-- What cannot be bought.
select is(t.fault($$select pg_temp.order_plan('plo-1', 'gold', 'monthly')$$)
	->> 'code', 'unknown_plan', 'an unknown plan');
update florin.plans set available = false where plan = 'premium';
select is(t.fault($$select pg_temp.order_plan('plo-1', 'premium', 'monthly')$$)
	->> 'code', 'unknown_plan', 'one that is not for sale');
update florin.plans set available = true where plan = 'premium';
select is(t.field_fault($$select pg_temp.order_plan('plo-1', 'lite', 'monthly',
	'XTS')$$), '{"field": "currency", "code": "choice"}',
	'not in this currency');

-- Money that comes late is applied to the state that it finds.
select t.register('plo-2');
create temp table b as select pg_temp.order_plan('plo-2', 'pro', 'yearly')
	as id;
update florin.plans set monthly_credits = 999 where plan = 'pro';
select t.sleep('40 days');
select is(t.complete('plo-2', id, 'pi_po2', 39900) #> '{order,late}', 'true',
	'late') from b;
select is(t.open_grants('plo-2') -> 'membership', '250',
	'with the quota that was promised');
update florin.plans set monthly_credits = 250 where plan = 'pro';
select t.all_well('plo-2');

-- Renewed: an order of its own, once per invoice.
select t.register('plo-3');
create temp table c as select pg_temp.order_plan('plo-3', 'lite', 'monthly')
	as id;
select is(t.notice('stripe', 'po3-1', t.paid(id, 'in_po1', 1900,
	aliases => array['sub_po'])), 'completed', 'bought by a subscription')
	from c;
select is(pg_temp.invoice('po3-2', 'in_po1', id, 1900), 'repeated',
	'its first invoice is that payment') from c;
select is(pg_temp.invoice('po3-3', 'in_po2', id, 1900), 'completed', 'the next')
	from c;
select is(pg_temp.plan('plo-3'), '["lite", "active", 1]', 'a period follows');
select is(pg_temp.invoice('po3-3', 'in_po2', id, 1900), 'repeated',
	'the same notice') from c;
select is(pg_temp.invoice('po3-4', 'in_po2', null, 1900), 'repeated',
	'the same invoice');
select is(pg_temp.invoice('po3-5', 'in_po3', null, 1900), 'completed',
	'found by its subscription alone');
select is(pg_temp.plan('plo-3'), '["lite", "active", 2]', 'two follow');
select is(total_recharged, '{"CNY": 5700}', 'each counts')
	from florin.wallets where user_id = 'plo-3';
select results_eq($$select status, plan, provider_reference
	from florin.payment_orders where user_id = 'plo-3' order by id$$,
	$$values ('paid', 'lite', 'in_po1'), ('paid', 'lite', 'in_po2'),
	('paid', 'lite', 'in_po3')$$, 'each is an order');
select is(pg_temp.invoice('po3-6', 'in_po4', id, 1), 'payment_mismatch',
	'another amount') from c;
select is(pg_temp.invoice('po3-7', 'in_po4', id, 1900, 'USD'),
	'payment_mismatch', 'another currency') from c;
update florin.plan_prices set amount = 2000
	where plan = 'lite' and period = 'monthly' and currency = 'CNY';
select is(pg_temp.invoice('po3-8', 'in_po5', id, 2000), 'completed',
	'today''s price') from c;
update florin.plan_prices set amount = 1900
	where plan = 'lite' and period = 'monthly' and currency = 'CNY';
select is(t.alerts('plo-3'), '{"payment_mismatch": 2}', 'alerts');

-- Money that names the order, its subscription and somebody else's payment
-- takes the subscription from nobody.
select is(t.notice('stripe', 'po3-x', t.paid(id, 'pi_po1', 1900,
	aliases => array['sub_po'])), 'order_closed', 'somebody else''s payment')
	from c;
select is(matched, true, 'the subscription still leads to its order')
	from florin.payment_references where reference = 'sub_po';

-- An invoice is refunded: its own period goes, no other.
select is(t.notice('stripe', 'po3-9', t.money_back('refunded', 'in_po3', 'ch_3',
	1900, true)), 'applied', 'a renewal goes back');
select is(pg_temp.plan('plo-3'), '["lite", "active", 2]', 'one less follows');
select is(pg_temp.state(id), '["paid", 0, 0, 0]', 'the first order stays')
	from c;
select t.all_well('plo-3');

-- An invoice that would pass the balance's limit, and one whose reference is
-- another order's, are money without a place: noted, no order, nothing given.
create function pg_temp.payments(uid text) returns jsonb language sql as $$
	select jsonb_agg(jsonb_build_array(r.reference, r.matched,
			o.provider_reference) order by r.reference)
	from florin.payment_references r left join florin.payment_orders o
		on o.user_id = r.owner and o.id = r.order_id
	where r.owner = uid
$$;
select t.register('plo-i');
create temp table l as select pg_temp.order_plan('plo-i', 'lite', 'monthly')
	as id;
select t.notice('stripe', 'poi-1', t.paid(id, 'in_poi1', 1900,
	aliases => array['sub_poi'])) from l;
update florin.wallets set total_recharged = '{"CNY": 9007199254740000}'
	where user_id = 'plo-i';
create temp table still as select version, t.membership('plo-i') as m
	from florin.wallets where user_id = 'plo-i';
select is(pg_temp.invoice('poi-2', 'in_poi2', null, 1900, 'CNY', 'sub_poi'),
	'order_closed', 'no balance may pass the limit');
select is(pg_temp.invoice('poi-2', 'in_poi2', null, 1900, 'CNY', 'sub_poi'),
	'order_closed', 'again');
select is(pg_temp.invoice('poi-3', 'in_po2', null, 1900, 'CNY', 'sub_poi'),
	'order_closed', 'the reference of somebody else''s payment');
select is(count(*), 1::bigint, 'leave no order')
	from florin.payment_orders where user_id = 'plo-i';
select is(pg_temp.payments('plo-i'), '[["in_poi1", true, "in_poi1"],
	["in_poi2", false, "in_poi1"], ["sub_poi", true, "in_poi1"]]',
	'the money is noted at the first order');
select is(t.alerts('plo-i'), '{"unmatched_payment": 3}', 'alerts');
select is(jsonb_build_array(w.version, t.membership('plo-i')),
	jsonb_build_array(s.version, s.m), 'nothing is given')
	from florin.wallets w, still s where w.user_id = 'plo-i';
select is(t.notice('stripe', 'poi-4', t.money_back('refunded', 'in_poi2',
	'ch_62', 1900, true)), 'ignored', 'its refund takes nothing');
select t.all_well('plo-i');
update florin.wallets set total_recharged = '{"CNY": 1900}'
	where user_id = 'plo-i';
select is(pg_temp.invoice('poi-2', 'in_poi2', null, 1900, 'CNY', 'sub_poi'),
	'completed', 'told again when there is place: a period');
select is(pg_temp.plan('plo-i'), '["lite", "active", 1]', 'follows');
select is(pg_temp.payments('plo-i'), '[["in_poi1", true, "in_poi1"],
	["in_poi2", true, "in_poi2"], ["sub_poi", true, "in_poi1"]]',
	'and is matched');
select florin_api.record_notice('payment:stripe', 'stripe', 'poi-5', 'a.type',
	'raw', '{"what": "renewed", "references": ["in_poi3"], "amount": 1900,
	"aliases": ["sub_poi"], "currency": "CNY"}');
select t.whole($$select florin_api.apply_notice('payment:stripe', 'stripe',
	'poi-5')$$, 'plo-i', 6, 'a renewal');
select t.all_well('plo-i');

-- Refunds: whole or not at all.
select t.register('plo-7');
select t.complete('plo-7', pg_temp.order_plan('plo-7', 'lite', 'monthly'),
	'pi_po7a', 1900);
create temp table d as select pg_temp.order_plan('plo-7', 'pro', 'monthly')
	as id;
select t.complete('plo-7', id, 'pi_po7', 3900) from d;
select is(pg_temp.plan('plo-7'), '["pro", "active", 1]', 'an upgrade');
select t.refused(format('select t.refund_order(''plo-7'', %L, 100)', id),
	'plo-7', 'order_not_refundable', '{"refundable": 3900}', 'a part') from d;
select t.consume('plo-7', 150);
create temp table back as select t.refund_order('plo-7', id) as b from d;
select is(b #> '{order,status}', '"refunded"', 'the whole') from back;
select is(pg_temp.plan('plo-7'), '["lite", "active", 0]',
	'what it interrupted goes on');
select is(jsonb_build_array(taken + shortfall, t.alerts('plo-7')
	-> 'clawback_shortfall'), case when shortfall > 0
	then '[150, 1]'::jsonb else '[150, null]' end, 'its quota is claimed')
	from florin.payment_orders p, d where p.id = d.id;
select t.refused(format('select t.refund_order(''plo-7'', %L)', id), 'plo-7',
	'order_not_refundable', '{"refundable": 0}', 'again') from d;
select t.all_well('plo-7');

-- Spent quota that comes back pays.
select t.register('plo-4');
select t.consume('plo-4', 50);
create temp table e as select pg_temp.order_plan('plo-4', 'lite', 'monthly')
	as id;
select t.complete('plo-4', id, 'pi_po4', 1900) from e;
select t.consume('plo-4', 60);
select is(t.refund_order('plo-4', id) -> 'shortfall', '60', 'spent') from e;
select is(pg_temp.state(id), '["refunded", 1900, 40, 60]', 'recorded') from e;
select t.refund('plo-4', seq) from florin.credit_transactions
	where user_id = 'plo-4' and kind = 'consume' and amount = -60;
select is(pg_temp.state(id), '["refunded", 1900, 100, 0]', 'it pays') from e;
select is(t.balance('plo-4'), 0::bigint, 'nobody has money and credits');
select t.all_well('plo-4');

-- Quota that came back after its reset lives a while, but is still the
-- order's: its refund takes what is left of it.  A present's stays.
select t.register('plo-9');
create temp table h as select pg_temp.order_plan('plo-9', 'pro', 'yearly')
	as id;
select t.add_member('plo-9', 'lite');
select t.complete('plo-9', id, 'pi_po9', 39900) from h;
select t.consume('plo-9', 350), t.sleep('32 days');
select t.refund('plo-9', seq) from florin.credit_transactions
	where user_id = 'plo-9' and kind = 'consume';
select is(t.open_grants('plo-9') ->> 'refund', '350', 'it lives a while');
select t.consume('plo-9', 250 + 100 + 30);
select is(t.refund_order('plo-9', id) -> 'shortfall', '280',
	'this month''s quota and 30 are spent') from h;
select is(pg_temp.state(id), '["refunded", 39900, 220, 280]',
	'what had come back is taken') from h;
select t.all_well('plo-9');

-- A dispute that is won buys the plan again; one of a period that is over is
-- for people to look at.
select t.register('plo-5');
create temp table f as select pg_temp.order_plan('plo-5', 'lite', 'monthly')
	as id;
select t.complete('plo-5', id, 'pi_po5', 1900) from f;
select is(t.notice('stripe', 'po5-1', t.money_back('disputed', 'pi_po5',
	'dp_5', 1900)), 'applied', 'disputed');
select is(pg_temp.plan('plo-5') -> 1, '"expired"', 'no member any more');
select is(t.notice('stripe', 'po5-2', t.money_back('dispute_won', 'pi_po5',
	'dp_5', 1900)), 'applied', 'won');
select is(pg_temp.plan('plo-5'), '["lite", "active", 0]', 'a member again');
select is(pg_temp.state(id), '["paid", 0, 0, 0]', 'paid again') from f;
select is(t.notice('stripe', 'po5-3', t.money_back('refunded', 'pi_po5',
	'ch_5', 900, true)), 'applied', 'a part goes back');
select is(pg_temp.state(id) -> 0, '"partially_refunded"', 'it is noted')
	from f;
select is(t.alerts('plo-5') -> 'payment_mismatch', '1',
	'and people are told: the plan goes back whole or not at all');
select is(pg_temp.plan('plo-5'), '["lite", "active", 0]', 'still a member');
select t.sleep('40 days');
select is(t.fault(format('select t.refund_order(''plo-5'', %L)', id))
	->> 'code', 'order_not_refundable', 'a period that is over') from f;
select is(t.notice('stripe', 'po5-4', t.money_back('refunded', 'pi_po5',
	'ch_5', 1900, true)), 'applied', 'the provider did it nevertheless');
select is(t.alerts('plo-5') -> 'clawback_shortfall', '1', 'an alert');
select is(pg_temp.state(id) -> 0, '"refunded"', 'the money is gone') from f;
select t.all_well('plo-5');

-- A package for members, and their bonus.
select t.package('plo-m', 100, 100, 5);
update florin.credit_packages
	set min_plan = 'lite', member_bonus_credits = 20 where package_id = 'plo-m';
select t.refused($$select t.order('plo-4', 'plo-m')$$, 'plo-4', 'members_only',
	'{"plans": ["lite", "pro", "premium"]}');
select is(jsonb_path_query_array(t.fault($$select t.consume('plo-4', 1)$$),
	'$.extras.suggestions[*].kind'), '["upgrade"]',
	'it is not suggested to others');
select is(jsonb_path_query_array(t.fault($$select t.consume('plo-7', 9999)$$),
	'$.extras.suggestions[*].kind'), '["upgrade"]', 'nor where too small');
select t.register('plo-8');
select t.add_member('plo-8', 'pro');
create temp table m as select t.order('plo-8', 'plo-m') as id;
select is(bonus_credits, 25::bigint, 'a member''s bonus')
	from florin.payment_orders o, m where o.id = m.id;
update florin.credit_packages set min_plan = null where package_id = 'plo-m';
select t.order('plo-4', 'plo-m');
select is(bonus_credits, 5::bigint, 'is not for others')
	from florin.payment_orders where user_id = 'plo-4' and plan is null;
select t.end_member('plo-8');
select is(t.complete('plo-8', id, 'pi_po8', 100) #> '{order,bonus_credits}',
	'25', 'whoever was a member when ordering gets it') from m;
select t.all_well('plo-8');

-- A crash leaves nothing.
select t.register('plo-6');
create temp table g as select pg_temp.order_plan('plo-6', 'lite', 'yearly')
	as id;
select t.whole(format($$select t.complete('plo-6', %L, 'pi_po6', 19900,
	key => 'k')$$, id), 'plo-6', 8, 'a paid plan') from g;
select t.complete('plo-6', id, 'pi_po6', 19900) from g;
select t.whole(format($$select t.refund_order('plo-6', %L)$$, id), 'plo-6', 6,
	'a plan''s refund') from g;
select t.all_well('plo-6');
delete from florin.credit_packages;
select finish();
