-- Packages of the tests, and the way of an order.
create function t.package(name text, credits bigint, amount bigint,
	bonus bigint default 0, days integer default null,
	currency text default 'CNY')
returns void language sql as $$
	insert into florin.credit_packages (package_id, title, credits,
		bonus_credits, amount, currency, expires_after_days, available)
	values (name, 'a package', credits, bonus, amount, currency, days, true)
$$;

create function t.order(uid text, package text,
	provider text default 'stripe', key text default null,
	caller text default 'user')
returns text language sql as $$
	select body::jsonb #>> '{order,id}' from florin_api.create_order(
		caller, uid, key, t.hash(package), null, null, package, null, null,
		provider, null)
$$;

create function t.complete(uid text, order_id text, reference text,
	amount bigint, currency text default 'CNY', key text default null)
returns jsonb language sql as $$
	select coalesce(t.try_json(body), to_jsonb(split_part(body, E'\n', 1)))
	from florin_api.complete_order('service:be', uid, key,
		t.hash(order_id || reference), null, null, order_id, reference,
		amount, currency)
$$;

create function t.try_json(text) returns jsonb
language plpgsql as $$
begin
	return $1::jsonb;
exception when others then
	return null;
end
$$;

create function t.refund_order(uid text, order_id text,
	amount bigint default null, caller text default 'service:be')
returns jsonb language sql as $$
	select body::jsonb from florin_api.refund_order(caller, uid, null, null,
		null, null, order_id, amount, 'sorry')
$$;

-- A notice as the program records and applies it; its outcome.
create function t.notice(provider text, event text, facts jsonb)
returns text language plpgsql as $$
declare
	a florin.answer;
begin
	perform florin_api.record_notice('payment:' || provider, provider, event,
		'a.type', 'raw'::bytea, facts);
	a := florin_api.apply_notice('payment:' || provider, provider, event);
	return coalesce(t.try_json(a.body) ->> 'outcome',
		split_part(a.body, E'\n', 1));
end
$$;

create function t.paid(order_id text, reference text, amount bigint,
	currency text default 'CNY', aliases text[] default '{}')
returns jsonb language sql as $$
	select jsonb_build_object('what', 'paid', 'order_id', order_id,
		'references', array[reference], 'aliases', aliases,
		'amount', amount, 'currency', currency)
$$;

create function t.money_back(what text, reference text, refund text,
	amount bigint, so_far boolean default false, order_id text default null)
returns jsonb language sql as $$
	select jsonb_build_object('what', what, 'order_id', order_id,
		'references', array[reference], 'aliases', '{}'::text[],
		'refund', refund, 'amount', amount, 'so_far', so_far)
$$;

-- {detector: count} of a user's alerts.
create function t.alerts(uid text) returns jsonb
language sql as $$
	select coalesce(jsonb_object_agg(detector, count), '{}') from (
		select detector, sum(count) as count from florin.alerts
		where user_id = uid group by detector) a
$$;

-- The only pending, the only paid order of a user.
create function t.order_of(uid text) returns text
language sql as $$
	select id from florin.payment_orders
	where user_id = uid and status = 'pending'
$$;

create function t.paid_order_of(uid text) returns text
language sql as $$
	select id from florin.payment_orders
	where user_id = uid and status = 'paid'
$$;
