-- florin_admin.update_feature.
select no_plan();
create function pg_temp.make(call text) returns jsonb
language plpgsql as $$
declare
	answer jsonb;
begin
	execute format('select body::jsonb from florin_admin.create_feature('
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
	execute format('select body::jsonb from florin_admin.update_feature('
		'''admin:root'', ''192.0.2.1'', ''curl'', %s, ''why not'')', call)
		into answer;
	return answer;
end
$$;
select pg_temp.make($a$'fe.one', null, 2, 'https://up.example/x',
	null, null$a$);
select is(pg_temp.change($a$'fe.one', null, 5, null, 60, 'lite'$a$),
	'{"feature": "fe.one", "kind": "fe.one", "cost": 5, "upstream_url":
	"https://up.example/x", "timeout_seconds": 60, "min_plan": "lite"}',
	'changed');
select is(pg_temp.change($a$'fe.one', null, 5, null, 60, 'lite'$a$),
	'{"feature": "fe.one", "kind": "fe.one", "cost": 5, "upstream_url":
	"https://up.example/x", "timeout_seconds": 60, "min_plan": "lite"}',
	'again');
select t.refused($$select pg_temp.change($a$'no-such', null, 1, null,
	null, null$a$)$$, '',
	'not_found');
select t.refused($$select pg_temp.change($a$'fe.one', null, null,
	null, null, 'none'$a$)$$, '',
	'unknown_plan');
select is(t.field_fault($$select pg_temp.change($a$'fe.one', null, 1,
	'ftp://x', null, null$a$)$$),
	'{"field": "upstream_url", "code": "format"}', 'a wrong field');
select results_eq($$select before, after from florin.admin_operation_logs
	where operation = 'update_feature'$$, $$values (
	'{"feature": "fe.one", "kind": "fe.one", "cost": 2, "upstream_url":
	"https://up.example/x", "timeout_seconds": 30, "min_plan": null}'::jsonb,
	'{"feature": "fe.one", "kind": "fe.one", "cost": 5, "upstream_url":
	"https://up.example/x", "timeout_seconds": 60, "min_plan":
	"lite"}'::jsonb)$$,
	'logged once, with before and after');
select t.whole($$select pg_temp.change($a$'fe.one', null, 6, null,
	null, null$a$)$$, '', 2,
	'update_feature');
delete from florin.features where feature ~ '^fe\.';
select finish();
