-- florin_admin.update_action_type.
select no_plan();
create function pg_temp.make(call text) returns jsonb
language plpgsql as $$
declare
	answer jsonb;
begin
	execute format('select body::jsonb from florin_admin.create_action_type('
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
	execute format('select body::jsonb from florin_admin.update_action_type('
		'''admin:root'', ''192.0.2.1'', ''curl'', %s, ''why not'')', call)
		into answer;
	return answer;
end
$$;
select pg_temp.make($a$'ac.one', '{action_count}'$a$);
select is(pg_temp.change($a$'ac.one', '{task_count}'$a$),
	'{"action_type": "ac.one", "counters": ["task_count"]}', 'changed');
select is(pg_temp.change($a$'ac.one', '{task_count}'$a$),
	'{"action_type": "ac.one", "counters": ["task_count"]}', 'again');
select t.refused($$select pg_temp.change($a$'no-such', '{}'$a$)$$, '',
	'not_found');
select is(t.field_fault($$select pg_temp.change($a$'ac.one', '{smiles}'$a$)$$),
	'{"field": "counters", "code": "choice"}', 'a wrong field');
select results_eq($$select before, after from florin.admin_operation_logs
	where operation = 'update_action_type'$$, $$values (
	'{"action_type": "ac.one", "counters": ["action_count"]}'::jsonb,
	'{"action_type": "ac.one", "counters": ["task_count"]}'::jsonb)$$,
	'logged once, with before and after');
select t.whole($$select pg_temp.change($a$'ac.one',
	'{message_count}'$a$)$$, '', 2,
	'update_action_type');
delete from florin.action_types where action_type ~ '^ac\.';
select finish();
