-- florin_admin.create_plan.
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
select is(pg_temp.make($a$'pl.one', 71, 40, '[{"period": "monthly",
	"amount": 900, "currency": "EUR"}]', null$a$),
	'{"plan": "pl.one", "rank": 71, "monthly_credits": 40, "prices":
	[{"period": "monthly", "amount": 900, "currency": "EUR"}],
	"available": true}', 'made');
select is(pg_temp.make($a$'pl.one', 71, 40, '[{"period": "monthly",
	"amount": 900, "currency": "EUR"}]', null$a$),
	'{"plan": "pl.one", "rank": 71, "monthly_credits": 40, "prices":
	[{"period": "monthly", "amount": 900, "currency": "EUR"}],
	"available": true}', 'again');
select t.refused($$select pg_temp.make($a$'pl.one', 71, 41, '[]',
	null$a$)$$, '',
	'already_done');
select is(t.field_fault($$select pg_temp.make($a$'x', 1, 5, '[]', null$a$)$$),
	'{"field": "rank", "code": "range"}', 'a wrong field');
select is(t.field_fault(format($$select pg_temp.make('''pl.x'', 99,
	5, ''%s'', null')$$, p)),
	'{"field": "prices", "code": "format"}', p) from (values
	('[1]'), ('[{}]'), ('[{"period": "monthly", "amount": 0, "currency":
	"EUR"}]'),
	('[{"period": "weekly", "amount": 1, "currency": "EUR"}]'),
	('[{"period": "monthly", "amount": 1, "currency": "eur"}]'),
	('[{"period": "monthly", "amount": "1", "currency": "EUR"}]'),
	('[{"period": "monthly", "amount": 1.5, "currency": "EUR"}]'),
	('[{"period": "monthly", "amount": 1, "currency": "EUR", "x": 1}]'),
	('[{"period": "monthly", "amount": 1, "currency": "EUR"},
	{"period": "monthly", "amount": 2, "currency": "EUR"}]')) as x (p);
select is(count(*), 1::bigint, 'logged once')
	from florin.admin_operation_logs where operation = 'create_plan'
		and reason = 'why not' and ip = '192.0.2.1' and before is null;
select t.whole($$select pg_temp.make($a$'pl.two', 72, 40,
	'[{"period": "monthly", "amount": 900, "currency": "EUR"}]',
	null$a$)$$, '', 2,
	'create_plan');
delete from florin.plan_prices where plan ~ '^pl\.';
delete from florin.plans where plan ~ '^pl\.';
select finish();
