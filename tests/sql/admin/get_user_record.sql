-- florin_admin.get_user_record.
select no_plan();
select t.register('rec-1');
select t.give('rec-1', 5);
select t.hold('rec-1', 7);
select t.adjust('rec-1', 3);
create function pg_temp.record(uid text) returns jsonb
language sql as $$
	select body::jsonb
	from florin_admin.get_user_record('admin:root', uid)
$$;
create temp table shown as select pg_temp.record('rec-1') as r;
select set_eq('select jsonb_object_keys(r) from shown',
	array['grants', 'holds', 'membership', 'operations', 'stats',
	'transactions', 'user', 'wallet'], 'everything');
select is(r #> '{wallet,balance}', '51', 'the wallet') from shown;
select is((select array_agg(x -> 'id')
	from jsonb_array_elements(r -> 'transactions') x),
	array['4', '3', '2', '1']::jsonb[], 'the ledger, newest first')
	from shown;
select is(r #> '{holds,0,amount}', '7', 'open holds') from shown;
select is((select sum((g ->> 'remaining')::bigint)
	from jsonb_array_elements(r -> 'grants') g), 51::numeric, 'live grants')
	from shown;
select is(r #> '{operations,0,operation}', '"adjust_credits"',
	'what admins did') from shown;
select t.refused($$select pg_temp.record('rec-none')$$, 'rec-none',
	'user_not_found');
select t.all_well('rec-1');
select finish();
