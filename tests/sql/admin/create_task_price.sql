-- florin_admin.create_task_price.
select no_plan();
create function pg_temp.make(call text) returns jsonb
language plpgsql as $$
declare
	answer jsonb;
begin
	execute format('select body::jsonb from florin_admin.create_task_price('
		'''admin:root'', ''192.0.2.1'', ''curl'', %s, ''why not'')', call)
		into answer;
	return answer;
end
$$;
select is(pg_temp.make($a$'ta.one', 7, 'pro'$a$),
	'{"kind": "ta.one", "cost": 7, "min_plan": "pro"}', 'made');
select is(pg_temp.make($a$'ta.one', 7, 'pro'$a$),
	'{"kind": "ta.one", "cost": 7, "min_plan": "pro"}', 'again');
select t.refused($$select pg_temp.make($a$'ta.one', 8, 'pro'$a$)$$, '',
	'already_done');
select t.refused($$select pg_temp.make($a$'x', 1, 'none'$a$)$$, '',
	'unknown_plan');
select is(count(*), 1::bigint, 'logged once')
	from florin.admin_operation_logs where operation = 'create_task_price'
		and reason = 'why not' and ip = '192.0.2.1' and before is null;
select t.whole($$select pg_temp.make($a$'ta.two', 7, 'pro'$a$)$$, '', 2,
	'create_task_price');
delete from florin.task_prices where kind ~ '^ta\.';
select finish();
