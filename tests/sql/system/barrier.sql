-- florin_api.barrier: after it everything written before is on disk, and the
-- session commits synchronously again.
select no_plan();
select t.register('bar-1');

-- Only the cluster's own background writer could flush in between: so many
-- times it will not always be first.
set synchronous_commit = off;
create temp table seen (unflushed boolean);
do $$
begin
	for i in 1..50 loop
		perform t.consume('bar-1', 1);
		commit;
		perform set_config('synchronous_commit', 'off', false);
		insert into seen
			select pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn();
	end loop;
end
$$;
select ok(bool_or(unflushed), 'without it commits wait for nothing') from seen;

set synchronous_commit = off;
select t.give('bar-1', 1);
select pg_current_wal_insert_lsn() as written \gset
select florin_api.barrier();
select ok(pg_current_wal_flush_lsn() >= :'written'::pg_lsn,
	'what was written before is flushed');
select is(current_setting('synchronous_commit'), 'on', 'synchronous again');

-- Nothing to flush: no message, so that an idle reader writes nothing.
checkpoint;
select pg_sleep(0.3);
select florin_api.barrier();
select pg_current_wal_insert_lsn() as written \gset
select florin_api.barrier();
select is(pg_current_wal_insert_lsn(), :'written'::pg_lsn,
	'it writes only if it must');
select finish();
