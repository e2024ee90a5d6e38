-- florin_admin.update_task_price.
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
create function pg_temp.change(call text) returns jsonb
language plpgsql as $$
declare
	answer jsonb;
begin
	execute format('select body::jsonb from florin_admin.update_task_price('
		'''admin:root'', ''192.0.2.1'', ''curl'', %s, ''why not'')', call)
		into answer;
	return answer;
end
$$;
select pg_temp.make($a$'ta.one', 7, 'pro'$a$);
select is(pg_temp.change($a$'ta.one', null, ''$a$),
	'{"kind": "ta.one", "cost": 7, "min_plan": null}', 'changed');
select is(pg_temp.change($a$'ta.one', null, ''$a$),
	'{"kind": "ta.one", "cost": 7, "min_plan": null}', 'again');
select t.refused($$select pg_temp.change($a$'no-such', 1, null$a$)$$, '',
	'not_found');
select t.refused($$select pg_temp.change($a$'ta.one', null, 'none'$a$)$$, '',
	'unknown_plan');
select results_eq($$select before, after from florin.admin_operation_logs
	where operation = 'update_task_price'$$, $$values (
	'{"kind": "ta.one", "cost": 7, "min_plan": "pro"}'::jsonb,
	'{"kind": "ta.one", "cost": 7, "min_plan": null}'::jsonb)$$,
	'logged once, with before and after');
select t.whole($$select pg_temp.change($a$'ta.one', 9, null$a$)$$, '', 2,
	'update_task_price');
delete from florin.task_prices where kind ~ '^ta\.';
select finish();
