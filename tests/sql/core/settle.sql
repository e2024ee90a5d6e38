-- What is due is applied on touch: in order of time, with rows of its own.
select no_plan();

select t.register('st-1');
-- Given in another order than they expire; two at one moment.
create temp table plan as select t.now() as begun;
select t.give('st-1', 3, expires_at => begun + '3 h'),
	t.give('st-1', 1, expires_at => begun + '1 h'),
	t.give('st-1', 2, expires_at => begun + '2 h'),
	t.give('st-1', 4, expires_at => begun + '2 h', priority => 0),
	t.give('st-1', 9, expires_at => begun + '9 h') from plan;
select is(next_due_at, begun + '1 h'::interval, 'due at the first expiry')
	from florin.wallets, plan where user_id = 'st-1';

-- Not a microsecond before its moment.
select t.sleep('59 min');
select is(t.balance('st-1'), 69::bigint, 'not before');
select is(t.version('st-1'), 6::bigint, 'and nothing is written');

select t.sleep('2 h');
select is(t.consume('st-1', 1) #>> '{transaction,id}', '10',
	'an operation settles first');
select results_eq($$select seq, kind, amount, balance_after::bigint,
	effective_at - begun, draws -> 0 -> 'grant_id', actor
	from florin.credit_transactions, plan
	where user_id = 'st-1' and seq > 6 order by seq$$,
	$$values (7::bigint, 'expire', -1::bigint, 68::bigint, '1 h'::interval,
		'3'::jsonb, 'system'),
	(8, 'expire', -2, 66, '2 h', '4', 'system'),
	(9, 'expire', -4, 62, '2 h', '5', 'system'),
	(10, 'consume', -1, 61, (select effective_at - begun
		from florin.credit_transactions, plan
		where user_id = 'st-1' and seq = 10), '2', 'user')$$,
	'late, row by row, in order of time');
select is(count(distinct created_at), 1::bigint, 'all written at one moment')
	from florin.credit_transactions where user_id = 'st-1' and seq > 6;
select is(next_due_at, begun + '3 h'::interval, 'the next is due')
	from florin.wallets, plan where user_id = 'st-1';
select t.consume('st-1', 2);
select t.sleep('3 min');
select is(t.balance('st-1'), 59::bigint, 'an empty grant expires silently');
select is((select kind from florin.credit_transactions
	where user_id = 'st-1' order by seq desc limit 1), 'consume',
	'without a row');

-- Every function that touches a wallet settles it: none uses what is gone.
create temp table calls (name text, call text);
insert into calls values
	('consume_credits', $$t.consume(%L, 1)$$),
	('grant_credits', $$t.give(%L, 1)$$),
	('adjust_credits', $$t.adjust(%L, 1)$$),
	('refund_credits', $$t.refund(%L, 2, 1)$$),
	('hold_credits', $$t.hold(%L, 1)$$),
	('capture_hold', $$t.capture(%1$L, t.hold_id(%1$L))$$),
	('release_hold', $$t.release(%1$L, t.hold_id(%1$L))$$),
	('get_hold', $$florin_api.get_hold('user', %1$L, t.hold_id(%1$L))$$),
	('list_holds', $$florin_api.list_holds('user', %L, null, null)$$),
	('register_user', $$t.register(%L)$$),
	('get_credits', $$florin_api.get_credits('user', %L, null, null)$$),
	('get_user', $$florin_api.get_user('user', %L, null)$$),
	('check_in', $$florin_api.check_in('user', %L, null, null, null, null)$$),
	('get_checkins', $$florin_api.get_checkins('user', %L, null)$$),
	('start_session', $$florin_api.start_session('user', %L, null, null,
		null, null, null, null)$$),
	('get_current_session',
		$$florin_api.get_current_session('user', %L, null)$$),
	('list_sessions', $$florin_api.list_sessions('user', %L, null, null,
		null, null)$$),
	('record_message', $$t.message(%L)$$),
	('end_session', $$t.end_session(%L)$$),
	('record_action', $$florin_api.record_action('user', %L, null, null,
		null, null, 'view', null, null)$$),
	('list_actions', $$florin_api.list_actions('user', %L, null, null,
		null, null, null)$$),
	('create_task', $$t.task(%L, 1)$$),
	('cancel_task', $$t.cancel_task(%L)$$),
	('get_task', $$florin_api.get_task('user', %1$L, t.task_id(%1$L))$$),
	('list_tasks', $$florin_api.list_tasks('user', %L, null, null, null,
		null, null, null)$$),
	('extend_task', $$t.extend(%L)$$),
	('complete_task', $$t.complete(%L)$$),
	('fail_task', $$t.fail_task(%L)$$),
	('check_credits_sync', $$florin_admin.check_credits_sync('admin:x',
		null, null, %L, null, null, null, null)$$),
	('get_user_record', $$florin_admin.get_user_record('admin:x', %L)$$),
	('freeze_wallet', $$florin_admin.freeze_wallet('admin:x', %L, null, null,
		'x')$$),
	('unfreeze_wallet', $$florin_admin.unfreeze_wallet('admin:x', %L, null,
		null, 'x')$$),
	('begin_feature', $$t.begin_feature(%L, 'st.x', 'k')$$),
	('complete_feature', $$t.complete_feature(%L)$$),
	('fail_feature', $$t.fail_feature(%L)$$),
	('redeem_code', $$florin_api.redeem_code('user', %L, null, null, null,
		null, (select body::jsonb #>> '{codes,0}'
		from florin_admin.create_codes('admin:x', null, null, 1, 1, null,
		null, null, 'x')))$$),
	('check_credits', $$florin_api.check_credits('user', %L, null, 1)$$),
	('create_order', $$t.order(%L, 'settle')$$),
	('get_order', $$florin_api.get_order('user', %1$L, t.order_of(%1$L))$$),
	('list_orders', $$florin_api.list_orders('user', %L, null, null, null,
		null, null)$$),
	('cancel_order', $$florin_api.cancel_order('user', %1$L, null, null,
		t.order_of(%1$L))$$),
	('complete_order', $$t.complete(%1$L, t.order_of(%1$L), %1$L, 100)$$),
	('refund_order', $$t.refund_order(%1$L, t.paid_order_of(%1$L))$$),
	('get_transaction', $$florin_api.get_transaction('user', %L, 1)$$),
	('list_transactions', $$florin_api.list_transactions('user', %L, null,
		null, null, null, null, null, null, null)$$),
	('export_transactions', $$florin_api.export_transactions('user', %L,
		null, null, null, null, null, null, null, null)$$),
	('get_calendar', $$florin_api.get_calendar('user', %L)$$),
	('get_membership', $$florin_api.get_membership('user', %L, null)$$),
	('cancel_membership', $$t.cancel_member(%L)$$),
	('create_membership', $$t.add_member(%L)$$),
	('set_membership', $$t.set_member(%L, 'lite', 'yearly')$$),
	('delete_membership', $$t.end_member(%L)$$),
	('check_and_reset_user_credits', $$t.reset_member(%L)$$);
select is(array(select name from calls order by 1),
	array(select p.proname::text from pg_proc p
		where p.pronamespace in ('florin_api'::regnamespace,
			'florin_admin'::regnamespace)
			and 'user_id' = any (p.proargnames)
			and p.proname <> all (array['record_refusal', 'list_plans',
				-- lists over all users do not settle
				'list_alerts', 'list_all_orders', 'list_all_tasks',
				'list_all_transactions', 'list_operations'])
		order by 1),
	'all functions of one user are tried');
select t.register('st-' || name), t.consume('st-' || name, 1),
	t.hold('st-' || name, 1, 86400),
	t.give('st-' || name, 7, expires_at => t.now() + '1 h') from calls;
select t.task('st-' || name, 0, name) from calls
	where name like '%\_task' and name <> 'create_task';
insert into florin.features values
	('st.x', 'st.x', 0, 'http://127.0.0.1:1/x', 300, null);
select t.begin_feature('st-' || name, 'st.x', 'k') from calls
	where name in ('complete_feature', 'fail_feature');
update florin.tasks set lease_expires_at = lease_expires_at + '2 h'
	where feature = 'st.x';
select t.claim(name, 86400) from calls
	where name in ('extend_task', 'complete_task', 'fail_task');
select t.set_setting('session_idle', '"2 h"');
select t.start_session('st-' || name) from calls
	where name in ('record_message', 'end_session');
select t.set_setting('session_idle', '"30 min"');
select t.add_member('st-' || name) from calls
	where name in ('cancel_membership', 'delete_membership');
select t.package('settle', 1, 100), t.set_setting('order_ttl', '"1 d"');
select t.order('st-' || name, 'settle') from calls
	where name in ('get_order', 'cancel_order', 'complete_order');
select t.complete('st-refund_order', t.order('st-refund_order', 'settle'),
	'st', 100);
select t.sleep('1 h');
create function pg_temp.expired_by(uid text, call text) returns jsonb
language plpgsql as $$
begin
	execute 'select ' || format(call, uid);
	return (select jsonb_build_array(kind, amount)
		from florin.credit_transactions
		where user_id = uid and seq > 4
			and kind not in ('membership', 'recharge')
		order by seq limit 1);
end
$$;
select is(pg_temp.expired_by('st-' || name, call), '["expire", -7]',
	name || ' settles') from calls;
select t.set_setting('order_ttl', '"30 min"');
delete from florin.credit_packages where package_id = 'settle';

-- The moment itself: [effective_at, expires_at).
begin;
select t.register('st-m');
select t.give('st-m', 5, expires_at => t.now() + '1 d');
update florin.wallets set last_effective_at = next_due_at - '1 us'::interval
	where user_id = 'st-m';
update florin.test_clock set ahead = ahead - '1 h'::interval
	where ahead > '1 h';
select is(t.consume('st-m', 55) #>> '{wallet,balance}', '0',
	'one microsecond before its expiry a grant can be spent');
rollback;
begin;
select t.register('st-m');
select t.give('st-m', 5, expires_at => t.now() + '1 d');
update florin.wallets set last_effective_at = next_due_at
	where user_id = 'st-m';
select t.refused('select t.consume(''st-m'', 51)', 'st-m',
	'insufficient_credits', '{"balance": 50, "required": 51, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}',
	'at its expiry it cannot');
rollback;

-- A reader at that very moment: the clock is stopped.
create function pg_temp.stop_clock(moment timestamptz) returns void
language plpgsql as $$
begin
	execute format('create or replace function florin.clock()'
		' returns timestamptz language sql as %L',
		format('select %L::timestamptz', moment));
end
$$;
begin;
select t.register('st-r');
select t.give('st-r', 5, expires_at => t.now() + '1 h');
create temp table due on commit drop as
	select next_due_at from florin.wallets where user_id = 'st-r';
select pg_temp.stop_clock(next_due_at - '1 us'::interval) from due;
select is(t.balance('st-r'), 55::bigint, 'a reader one microsecond before');
select pg_temp.stop_clock(next_due_at) from due;
select is(t.balance('st-r'), 50::bigint, 'a reader at the moment');
select t.all_well('st-r');
rollback;

select t.whole($$select t.consume('st-1', 1)$$, 'st-1', 3,
	'an operation on a wallet with nothing due');
select t.give('st-1', 1, expires_at => t.now() + '1 h'),
	t.give('st-1', 1, expires_at => t.now() + '2 h');
select t.sleep('2 h');
select t.whole($$select t.consume('st-1', 1)$$, 'st-1', 8,
	'an operation that settles first');
select t.all_well(user_id) from florin.users where user_id like 'st-%';
select finish();
