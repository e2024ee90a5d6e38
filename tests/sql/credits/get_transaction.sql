-- florin_api.get_transaction: one row of a user's ledger.
select no_plan();

create function pg_temp.get(uid text, id bigint) returns jsonb
language sql as $$
	select body::jsonb from florin_api.get_transaction('user', uid, id)
$$;
select t.register('gt-1'), t.register('gt-2');
create temp table taken as select t.consume('gt-1', 5) -> 'transaction' as t;
select is(pg_temp.get('gt-1', 2), t, 'as it was answered') from taken;
select is(pg_temp.get('gt-1', 1) -> 'kind', '"registration"', 'the first');
select t.refused(format('select pg_temp.get(%L, %s)', 'gt-1', id), 'gt-1',
	'not_found', '{}', 'no row ' || id)
	from unnest(array[0, 3, 9007199254740991]) id;
select t.refused('select pg_temp.get(''gt-2'', 2)', 'gt-2', 'not_found', '{}',
	'another user''s row');
select t.refused('select pg_temp.get(''gt-none'', 1)', 'gt-none',
	'user_not_found');
select t.give('gt-1', 5, expires_at => t.now() + '1 h');
select t.sleep('1 h');
select is(pg_temp.get('gt-1', 4) -> 'kind', '"expire"',
	'what was due is there');
select t.all_well('gt-1');
select finish();
