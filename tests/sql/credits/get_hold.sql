-- florin_api.get_hold: one hold, open or ended.
select no_plan();

create function pg_temp.get(uid text, hold_id text) returns jsonb
language sql as $$
	select body::jsonb from florin_api.get_hold('user', uid, hold_id)
$$;
select t.register('gh-1'), t.register('gh-2');
create temp table made as select t.hold('gh-1', 5) as b;
select is(pg_temp.get('gh-1', t.hold_id('gh-1')), b -> 'hold', 'as made')
	from made;
select is(t.capture('gh-1', t.hold_id('gh-1'), 2) -> 'hold',
	pg_temp.get('gh-1', t.hold_id('gh-1')), 'as captured');
select t.hold('gh-1', 5, 60);
select t.sleep('1 min');
select is(pg_temp.get('gh-1', t.hold_id('gh-1')) -> 'status', '"expired"',
	'whose time is over');
select is(pg_temp.get('gh-1', t.hold_id('gh-1')) -> 'captured', '0',
	'of which nothing is spent');
select t.refused(format('select pg_temp.get(%L, %L)', 'gh-2',
	t.hold_id('gh-1')), 'gh-2', 'not_found', '{}', 'another user''s');
select t.refused('select pg_temp.get(''gh-1'', ''none'')', 'gh-1',
	'not_found');
select t.refused('select pg_temp.get(''gh-none'', ''none'')', 'gh-none',
	'user_not_found');
select t.all_well('gh-1');
select finish();
