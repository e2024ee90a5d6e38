-- florin_admin.update_plan.
select no_plan();
create function pg_temp.make(call text) returns jsonb
language plpgsql as $$
declare
	answer jsonb;
begin
	execute format('select body::jsonb from florin_admin.create_plan('
		'''admin:root'', ''192.0.2.1'', ''curl'', %s, ''why not'')', call)
		into answer;
	return answer;
end
$$;
create function pg_temp.change(call text) returns jsonb
language plpgsql as $$
declare
	answer jsonb;
begin
	execute format('select body::jsonb from florin_admin.update_plan('
		'''admin:root'', ''192.0.2.1'', ''curl'', %s, ''why not'')', call)
		into answer;
	return answer;
end
$$;
select pg_temp.make($a$'pl.one', 71, 40, '[{"period": "monthly",
	"amount": 900, "currency": "EUR"}]', null$a$);
select is(pg_temp.change($a$'pl.one', null, 50, '[{"period":
	"yearly", "amount": 9000, "currency": "EUR"}]', false$a$),
	'{"plan": "pl.one", "rank": 71, "monthly_credits": 50, "prices":
	[{"period": "yearly", "amount": 9000, "currency": "EUR"}],
	"available": false}', 'changed');
select is(pg_temp.change($a$'pl.one', null, 50, '[{"period":
	"yearly", "amount": 9000, "currency": "EUR"}]', false$a$),
	'{"plan": "pl.one", "rank": 71, "monthly_credits": 50, "prices":
	[{"period": "yearly", "amount": 9000, "currency": "EUR"}],
	"available": false}', 'again');
select t.refused($$select pg_temp.change($a$'no-such', null, 1, null,
	null$a$)$$, '',
	'not_found');
select is(t.field_fault($$select pg_temp.change($a$'pl.one', 1, 5,
	'[]', null$a$)$$),
	'{"field": "rank", "code": "range"}', 'a wrong field');
select is(pg_temp.change('''pl.one'', null, null, null, null') -> 'prices' ->
	0 -> 'amount', '9000', 'prices that nobody names stay');
select results_eq($$select before, after from florin.admin_operation_logs
	where operation = 'update_plan'$$, $$values (
	'{"plan": "pl.one", "rank": 71, "monthly_credits": 40, "prices":
	[{"period": "monthly", "amount": 900, "currency": "EUR"}],
	"available": true}'::jsonb,
	'{"plan": "pl.one", "rank": 71, "monthly_credits": 50, "prices":
	[{"period": "yearly", "amount": 9000, "currency": "EUR"}],
	"available": false}'::jsonb)$$,
	'logged once, with before and after');
select t.whole($$select pg_temp.change($a$'pl.one', null, 60, null,
	null$a$)$$, '', 2,
	'update_plan');
delete from florin.plan_prices where plan ~ '^pl\.';
delete from florin.plans where plan ~ '^pl\.';
select finish();
