-- End sessions that have been idle for too long, of at most `limit` users.
create or replace function florin_jobs.end_idle_sessions(
	caller text, "limit" bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	candidate record;
	settled bigint := 0;
begin
	for candidate in
		select w.user_id from wallets w
		where w.next_due_at <= clock() and exists (
			select from user_sessions s
			where s.user_id = w.user_id and s.idle_at <= clock())
		order by w.next_due_at limit "limit"
	loop
		settled := settled + settle_user(candidate.user_id)::integer;
	end loop;
	return (200, json_build_object('users', settled)::text, false,
		null)::answer;
end
$$;
