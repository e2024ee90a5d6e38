-- florin_api.create_order: price, bonus and terms are copied in.
select no_plan();
select t.package('c100', 100, 990), t.package('c500', 500, 4500, 50, 30),
	t.package('cusd', 100, 149, currency => 'USD');
select t.set_setting('first_recharge_bonus', '30');
select t.register('ord-1');

-- An order copies everything in.
create temp table o as select t.order('ord-1', 'c500') as id;
select is(to_jsonb(p) - 'id' - 'created_at' - 'expires_at', '{
	"user_id": "ord-1", "status": "pending",
	"package_id": "c500", "plan": null, "period": null,
	"amount": 4500, "currency": "CNY", "credits": 500, "bonus_credits": 50,
	"first_recharge_bonus": 30, "expires_after_days": 30, "terms": null,
	"provider": "stripe", "created_by": "user", "provider_reference": null,
	"late": false, "paid_at": null, "first_seq": null, "last_seq": null,
	"credited": 0, "refunded_amount": 0, "claimed": 0, "taken": 0,
	"shortfall": 0}', 'an order') from florin.payment_orders p
	where user_id = 'ord-1';
select is(expires_at - created_at, '30 min'::interval, 'waits order_ttl')
	from florin.payment_orders where user_id = 'ord-1';
select is(t.balance('ord-1'), 50::bigint, 'and gives nothing');
select is((select owner from florin.order_directory d, o
	where d.order_id = o.id), 'ord-1', 'the directory knows whose it is');
select t.set_setting('first_recharge_bonus', '0');

-- A key's first answer, whatever changed since.
create function pg_temp.keyed() returns florin.answer language sql as $$
	select florin_api.create_order('user', 'ord-1', 'k', t.hash('x'), null,
		null, 'c100', null, null, 'stripe', null)
$$;
create temp table first as select (pg_temp.keyed()).*;
select is(status, 201, '201') from first;
update florin.credit_packages set amount = 1 where package_id = 'c100';
select is(a.body, first.body, 'the same key: the first answer')
	from first, pg_temp.keyed() a;
select is(count(*), 1::bigint, 'one order') from florin.payment_orders
	where user_id = 'ord-1' and package_id = 'c100';

-- The currency is the package's.
select is(t.field_fault($$select florin_api.create_order('user', 'ord-1', null,
	null, null, null, 'cusd', null, null, 'stripe', 'CNY')$$),
	'{"field": "currency", "code": "choice"}', 'another currency');
select is((select body::jsonb #>> '{order,currency}' from
	florin_api.create_order('user', 'ord-1', null, null, null, null, 'cusd',
	null, null, 'stripe', 'USD')), 'USD', 'its own may be named');

-- What cannot be ordered.
select t.refused($$select t.order('ord-1', 'none')$$, 'ord-1',
	'unknown_package');
update florin.credit_packages set available = false where package_id = 'cusd';
select t.refused($$select t.order('ord-1', 'cusd')$$, 'ord-1',
	'unknown_package', '{}', 'no longer for sale');
select t.refused($$select t.order('nobody', 'c100', caller => 'service:x')$$,
	'nobody', 'user_not_found');
select is(t.field_fault(format('select florin_api.create_order(''user'',
	''ord-1'', null, null, null, null, %s, ''stripe'', null)', f)),
	jsonb_build_object('field', field, 'code', code), f)
	from (values ('null, null, null', 'package_id', 'required'),
	('''c100'', ''lite'', ''monthly''', 'plan', 'choice'),
	('''c100'', null, ''monthly''', 'period', 'choice'),
	('null, ''lite'', null', 'period', 'required')) v (f, field, code);

-- For members.
update florin.credit_packages set min_plan = 'pro' where package_id = 'c500';
select is(t.fault($$select t.order('ord-1', 'c500')$$) ->> 'code',
	'members_only', 'only for members');

select t.register('ord-4');
select t.whole($$select t.order('ord-4', 'c100', key => 'k')$$, 'ord-4', 3,
	'create_order');
select t.all_well(user_id) from florin.users where user_id like 'ord-_';
delete from florin.credit_packages;
select finish();
