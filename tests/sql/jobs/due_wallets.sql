-- Whom the jobs find, and that settling is left to whoever holds the wallet.
select no_plan();
begin;
update florin.wallets set next_due_at = null; -- the others
select t.register('dw-' || n), t.give('dw-' || n, 5,
	expires_at => t.now() + make_interval(hours => n))
	from generate_series(1, 5) n;
select is_empty('select florin_jobs.due_wallets(9, 0)', 'nothing is due');
select is(florin_jobs.get_backlog(), row (0::bigint, 0::bigint), 'no backlog');

-- Where nothing is due nothing is read, however many wallets wait.
create function pg_temp.fetched() returns bigint language sql as $$
	select sum(pg_stat_get_xact_tuples_fetched(place))::bigint
	from unnest(array['florin.wallets', 'florin.wallets_due']::regclass[]) place
$$;
create function pg_temp.read(call text) returns bigint
language plpgsql as $$
declare
	before constant bigint := pg_temp.fetched();
begin
	execute call;
	return pg_temp.fetched() - before;
end
$$;
set local enable_seqscan = off; -- as with many
select is(pg_temp.read('select from florin_jobs.due_wallets(9, 0)'), 0::bigint,
	'no wallet is read to find none');
select is(pg_temp.read('select from florin_jobs.get_backlog()'), 0::bigint,
	'nor to count none');
set local enable_seqscan = on;
select t.sleep('3 h 1 min');
select set_eq('select florin_jobs.due_wallets(9, 0)',
	array['dw-1', 'dw-2', 'dw-3'], 'those to whom something is due');
select is(count(*), 2::bigint, 'at most "limit"')
	from florin_jobs.due_wallets(2, 0);
select set_eq('select florin_jobs.due_wallets(9, 1)',
	array['dw-2', 'dw-3'], 'not the most overdue that are skipped');
select is((florin_jobs.get_backlog()).wallets, 3::bigint, 'the backlog');
select cmp_ok((florin_jobs.get_backlog()).overdue_seconds, '>=',
	7260::bigint, 'since when');

select ok(florin_jobs.settle_wallet('dw-1'), 'settles');
select ok(not florin_jobs.settle_wallet('dw-1'), 'once');
select ok(not florin_jobs.settle_wallet('dw-5'), 'not before its time');
select ok(not florin_jobs.settle_wallet('dw-none'), 'nobody');
select is(t.ledger('dw-1', 2), '[["expire", -5]]', 'as a touch does');
select t.all_well('dw-1');
rollback;

-- Somebody else is busy with the wallet: it is left alone.
select t.register('dw-6'), t.give('dw-6', 5, expires_at => t.now() + '1 h');
select t.sleep('1 h');
select dblink_connect('other', 'dbname=florin');
select dblink_exec('other', 'begin');
select * from dblink('other', $$select user_id from florin.wallets
	where user_id = 'dw-6' for update$$) as w (user_id text);
set lock_timeout = '1s';
select ok(not florin_jobs.settle_wallet('dw-6'), 'nobody is waited for');
select dblink_exec('other', 'rollback');
select dblink_disconnect('other');
select ok(florin_jobs.settle_wallet('dw-6'), 'later it is settled');
select finish();
