-- Answers older than answer_retention are not kept: a repeat of their key is
-- answered already_done.  In order of time, at most "limit" a call.  What a
-- feature's upstream answered stands beside its key's answer, and goes last.
create or replace function florin_jobs.forget_answers(
	caller text, "limit" bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	old record;
	done_until timestamptz := coalesce((select p.done_until
		from job_progress p where p.job = 'forget_answers'), '-infinity');
	too_old constant timestamptz :=
		clock() - setting('answer_retention')::interval;
	forgotten bigint := 0;
begin
	for old in
		select k.user_id, k.caller, k.key, k.created_at
		from idempotency_keys k
		where k.created_at >= done_until and k.created_at < too_old
			and k.body is not null
		order by k.created_at limit "limit"
	loop
		update idempotency_keys k set body = null
			where k.user_id = old.user_id and k.caller = old.caller
				and k.key = old.key;
		forgotten := forgotten + 1;
		done_until := old.created_at;
	end loop;
	perform note_progress('forget_answers',
		case when forgotten < "limit" then greatest(done_until, too_old)
			else done_until end);
	for old in
		select a.user_id, a.task_id from feature_answers a
		where a.created_at < too_old limit "limit" - forgotten
	loop
		delete from feature_answers a
			where a.user_id = old.user_id and a.task_id = old.task_id;
		forgotten := forgotten + 1;
	end loop;
	return (200, json_build_object('answers', forgotten)::text, false,
		null)::answer;
end
$$;
