-- florin_api.get_task: a task, its own user's.
select no_plan();

select t.register('tg-1'), t.register('tg-2');
create temp table made as select t.task('tg-1', 10, 'tg') -> 'task' as k;
select t.refused(format($$select florin_api.get_task('user', 'tg-2', %L)$$,
	k ->> 'id'), 'tg-2', 'not_found') from made;
select is(body::jsonb, k, 'get_task') from made,
	florin_api.get_task('user', 'tg-1', k ->> 'id');
select t.claim('tg');
select is(body::jsonb - 'status' - 'attempts', k - 'status' - 'attempts',
	'a running one shows neither token nor lease') from made,
	florin_api.get_task('user', 'tg-1', k ->> 'id');
select t.refused($$select florin_api.get_task('user', 'tg-1', repeat('0',
	26))$$, 'tg-1', 'not_found');
select t.refused($$select florin_api.get_task('user', 'tg-n', 'x')$$, 'tg-n',
	'user_not_found');
select t.all_well('tg-1');
select finish();
