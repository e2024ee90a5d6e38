-- florin_admin.create_action_type.
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
select is(pg_temp.make($a$'ac.one', '{action_count}'$a$),
	'{"action_type": "ac.one", "counters": ["action_count"]}', 'made');
select is(pg_temp.make($a$'ac.one', '{action_count}'$a$),
	'{"action_type": "ac.one", "counters": ["action_count"]}', 'again');
select t.refused($$select pg_temp.make($a$'ac.one', '{}'$a$)$$, '',
	'already_done');
select is(t.field_fault($$select pg_temp.make($a$'x', '{smiles}'$a$)$$),
	'{"field": "counters", "code": "choice"}', 'a wrong field');
select is(count(*), 1::bigint, 'logged once')
	from florin.admin_operation_logs where operation = 'create_action_type'
		and reason = 'why not' and ip = '192.0.2.1' and before is null;
select t.whole($$select pg_temp.make($a$'ac.two', '{action_count}'$a$)$$, '', 2,
	'create_action_type');
delete from florin.action_types where action_type ~ '^ac\.';
select finish();
