-- florin_admin.check_credits_sync: the invariants, with repair.
select no_plan();
create function pg_temp.sync(uid text, repair boolean default null,
	size bigint default null, cursor text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_admin.check_credits_sync('admin:root',
		'192.0.2.7', 'console', uid, repair, 'a round', size, cursor)
$$;
select t.register('sync-1');
select t.give('sync-1', 30, expires_at => t.now() + interval '1 day');
select t.consume('sync-1', 40);
select t.hold('sync-1', 5);
select t.register('sync-2');
select is(pg_temp.sync('sync-1'), '{"checked": 1, "problems": [],
	"repaired": 0, "next_cursor": null}', 'all is well');
select t.refused($$select pg_temp.sync('sync-none')$$, 'sync-none',
	'user_not_found');

-- Each cached column, broken by hand.
create function pg_temp.breaks(change text, what text) returns setof text
language plpgsql as $$
declare
	before constant jsonb := t.picture('sync-1') - 'florin.wallets'
		- 'florin.admin_operation_logs';
	found_ones jsonb;
begin
	execute change;
	found_ones := pg_temp.sync('sync-1');
	return next cmp_ok(jsonb_array_length(found_ones -> 'problems'), '>', 0,
		what || ' is found');
	return next is(found_ones -> 'repaired', '0', 'and left as it is');
	return next is(pg_temp.sync('sync-1', true) -> 'repaired', '1',
		what || ' is repaired');
	return next is(pg_temp.sync('sync-1') -> 'problems', '[]',
		'and all is well');
	return next is(t.picture('sync-1') - 'florin.wallets'
		- 'florin.admin_operation_logs', before, 'as it was');
end
$$;
select pg_temp.breaks('update florin.wallets set ' || c
	|| ' where user_id = ''sync-1''', c) from (values
	('balance = balance + 1'), ('held = 0'), ('total_granted = 0'),
	('total_spent = total_spent + 1'), ('version = version + 1'),
	('head_hash = ''x'''), ('grants_made = 0'), ('next_due_at = null'))
	as x (c);
select pg_temp.breaks($$update florin.grants set remaining = remaining - 1
	where user_id = 'sync-1' and live$$, 'a grant''s remainder');
select is(pg_temp.sync('sync-1', true) -> 'repaired', '0',
	'nothing to repair');
select is(count(*), 9::bigint, 'each repair is logged, with whence and why')
	from florin.admin_operation_logs
	where user_id = 'sync-1' and operation = 'repair_wallet'
		and (operator, reason, ip, user_agent) = ('admin:root', 'a round',
			'192.0.2.7', 'console');

begin;
update florin.wallets set balance = balance + 1 where user_id = 'sync-1';
update florin.grants set remaining = remaining - 1
	where user_id = 'sync-1' and live;
select t.whole($$select pg_temp.sync('sync-1', true)$$, 'sync-1', 3,
	'a repair');
rollback;

-- The ledger is never touched.
alter table florin.credit_transactions disable trigger user;
update florin.credit_transactions set amount = amount + 1
	where user_id = 'sync-2';
select cmp_ok(jsonb_array_length(pg_temp.sync('sync-2', true)
	-> 'problems'), '>', 0, 'a broken ledger');
select cmp_ok(jsonb_array_length(pg_temp.sync('sync-2') -> 'problems'),
	'>', 0, 'stays broken');
select is(amount, 51::bigint, 'as it is') from florin.credit_transactions
	where user_id = 'sync-2';
update florin.credit_transactions set amount = amount - 1
	where user_id = 'sync-2';
alter table florin.credit_transactions enable trigger user;
select pg_temp.sync('sync-2', true);
select t.all_well('sync-2');

create temp table walk as
	with recursive page as (
		select pg_temp.sync(null, null, 20) as p
		union all
		select pg_temp.sync(null, null, 20, p ->> 'next_cursor') from page
		where p ->> 'next_cursor' is not null
	) select p from page;
select is((select sum((p -> 'checked')::bigint) from walk),
	(select count(*)::numeric from florin.users), 'all users, page by page');
select t.all_well('sync-1');
select finish();
