-- Entries of the operation log older than log_retention go.
create or replace function florin_jobs.forget_logs(
	caller text, "limit" bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	old record;
	too_old constant timestamptz :=
		clock() - setting('log_retention')::interval;
	forgotten bigint := 0;
begin
	for old in
		select l.user_id, l.id from admin_operation_logs l
		where l.created_at < too_old limit "limit"
	loop
		delete from admin_operation_logs l
			where l.user_id = old.user_id and l.id = old.id;
		forgotten := forgotten + 1;
	end loop;
	return (200, json_build_object('entries', forgotten)::text, false,
		null)::answer;
end
$$;
