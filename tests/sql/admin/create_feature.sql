-- florin_admin.create_feature.
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
select is(pg_temp.make($a$'fe.one', null, 2, 'https://up.example/x',
	null, null$a$),
	'{"feature": "fe.one", "kind": "fe.one", "cost": 2, "upstream_url":
	"https://up.example/x", "timeout_seconds": 30, "min_plan": null}', 'made');
select is(pg_temp.make($a$'fe.one', null, 2, 'https://up.example/x',
	null, null$a$),
	'{"feature": "fe.one", "kind": "fe.one", "cost": 2, "upstream_url":
	"https://up.example/x", "timeout_seconds": 30, "min_plan": null}', 'again');
select t.refused($$select pg_temp.make($a$'fe.one', null, 3,
	'https://up.example/x', null, null$a$)$$, '',
	'already_done');
select t.refused($$select pg_temp.make($a$'x', null, 1, 'http://x',
	null, 'none'$a$)$$, '',
	'unknown_plan');
select is(t.field_fault($$select pg_temp.make($a$'x', null, 1,
	'ftp://x', null, null$a$)$$),
	'{"field": "upstream_url", "code": "format"}', 'a wrong field');
select is(count(*), 1::bigint, 'logged once')
	from florin.admin_operation_logs where operation = 'create_feature'
		and reason = 'why not' and ip = '192.0.2.1' and before is null;
select t.whole($$select pg_temp.make($a$'fe.two', null, 2,
	'https://up.example/x', null, null$a$)$$, '', 2,
	'create_feature');
delete from florin.features where feature ~ '^fe\.';
select finish();
