-- Answers are kept answer_retention, keys for ever.
begin;
select no_plan();
delete from florin.idempotency_keys;
delete from florin.feature_answers;
delete from florin.job_progress;
select t.register('fa-1');
create function pg_temp.forget(n bigint) returns jsonb language sql as $$
	select body::jsonb from florin_jobs.forget_answers('system', n)
$$;
create function pg_temp.kept() returns text[] language sql as $$
	select array_agg(key order by key) from florin.idempotency_keys
	where user_id = 'fa-1' and body is not null
$$;
select t.consume('fa-1', 1, 'k1'), t.sleep('1 d');
select t.consume('fa-1', 1, 'k2'), t.consume('fa-1', 1, 'k3'),
	t.consume('fa-1', 1, 'k4'), t.sleep('1 d');
select t.consume('fa-1', 1, 'k5');
select t.sleep('87 d 23 h 59 min');
select is(pg_temp.forget(9), '{"answers": 0}', 'none is old enough');
select t.sleep('1 min 1 s');
select is(pg_temp.forget(9), '{"answers": 1}', 'one');
select is(pg_temp.kept(), '{k2,k3,k4,k5}', 'the old one');
select is(t.fault($$select t.consume('fa-1', 1, 'k1')$$) ->> 'code',
	'already_done', 'its key is still known');
select t.sleep('1 d');
select is(pg_temp.forget(2), '{"answers": 2}', 'at most "limit"');
select is(pg_temp.forget(2), '{"answers": 1}', 'then the rest');
select is(pg_temp.forget(2), '{"answers": 0}', 'then none');
select is(pg_temp.kept(), '{k5}', 'in order of time');
select t.set_setting('answer_retention', '"1 d"');
select is(pg_temp.forget(9), '{"answers": 1}', 'a shorter retention');
select is(count(*), 5::bigint, 'all keys are there')
	from florin.idempotency_keys where user_id = 'fa-1';

-- What a feature's upstream answered is kept no longer.
insert into florin.features values ('fa', 'fa', 2, 'http://u', 60);
select t.begin_feature('fa-1', 'fa', 'f1'), t.complete_feature('fa-1');
select t.sleep('23 h 59 min');
select t.begin_feature('fa-1', 'fa', 'f2'), t.complete_feature('fa-1');
select is(pg_temp.forget(9), '{"answers": 0}', 'a feature''s is young');
select is(t.begin_feature('fa-1', 'fa', 'f1') #>> '{1,stored,body}', '00ff',
	'and given again');
select t.sleep('1 min 1 s');
select is(pg_temp.forget(9), '{"answers": 2}', 'the key''s and the feature''s');
select is(t.fault($$select t.begin_feature('fa-1', 'fa', 'f1')$$) ->> 'code',
	'already_done', 'are forgotten');
select is(count(*), 1::bigint, 'the younger is kept')
	from florin.feature_answers where user_id = 'fa-1';
select t.sleep('1 d');
select is(pg_temp.forget(1), '{"answers": 1}', 'both count');
select is(pg_temp.forget(1), '{"answers": 1}', 'for the limit');
select is_empty($$select from florin.feature_answers where user_id = 'fa-1'$$,
	'then none is left');
select t.all_well('fa-1');
select finish();
rollback;
