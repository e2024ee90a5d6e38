-- florin_api.record_notice: raw, once per provider and event.
select no_plan();
create function pg_temp.record(provider text, event text, raw text)
returns integer language sql as $$
	select status from florin_api.record_notice('payment:x', provider, event,
		'a.type', raw::bytea, '{"what": "none"}')
$$;
select is(pg_temp.record('stripe', 'rec-1', 'first'), 204, 'recorded');
select is(pg_temp.record('stripe', 'rec-1', 'second'), 204, 'again');
select is(pg_temp.record('alipay', 'rec-1', 'third'), 204, 'another''s');
select results_eq($$select provider, raw, outcome, attempts
	from florin.payment_notices where event_id = 'rec-1' order by provider$$,
	$$values ('alipay', 'third'::bytea, 'stored', 0),
	('stripe', 'first', 'stored', 0)$$, 'the first one stays');
select finish();
