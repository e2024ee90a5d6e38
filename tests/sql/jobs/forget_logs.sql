-- The operation log is kept log_retention.
begin;
select no_plan();
delete from florin.admin_operation_logs;
select t.register('fl-1');
create function pg_temp.forget(n bigint) returns jsonb language sql as $$
	select body::jsonb from florin_jobs.forget_logs('system', n)
$$;
select t.adjust('fl-1', n) from generate_series(1, 3) n;
select t.sleep('179 d 23 h 59 min');
select t.adjust('fl-1', 4);
select is(pg_temp.forget(9), '{"entries": 0}', 'none is old enough');
select t.sleep('2 min');
select is(pg_temp.forget(2), '{"entries": 2}', 'at most "limit"');
select is(pg_temp.forget(2), '{"entries": 1}', 'then the rest');
select is(count(*), 1::bigint, 'what is younger stays')
	from florin.admin_operation_logs;
select finish();
rollback;
