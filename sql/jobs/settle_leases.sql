-- Settle leases that have ended, of at most `limit` users.
create or replace function florin_jobs.settle_leases(
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
			select from tasks k
			where k.user_id = w.user_id and k.status = 'running'
				and k.lease_expires_at <= clock())
		order by w.next_due_at limit "limit"
	loop
		settled := settled + settle_user(candidate.user_id)::integer;
	end loop;
	return (200, json_build_object('users', settled)::text, false,
		null)::answer;
end
$$;
