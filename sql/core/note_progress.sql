-- How far a job has come that works along time.
create or replace function florin.note_progress(
	job_name text, until timestamptz)
returns void
language sql
as $$
	insert into florin.job_progress (job, done_until)
		values (job_name, until)
		on conflict (job) do update
		set done_until = greatest(excluded.done_until,
			job_progress.done_until)
$$;
