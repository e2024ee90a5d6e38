-- POST /api/tasks/claim: the oldest queued task of these kinds, of any user,
-- for the time of a lease; null if there is none.  First of users that nobody
-- is busy with, then of those for whom one has to wait.
create or replace function florin_api.claim_task(
	caller text, kinds text[], worker text, lease_seconds bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	candidate record;
	may_wait boolean;
	k tasks;
	lease constant interval := coalesce(
		make_interval(secs => lease_seconds), setting('task_lease')::interval);
begin
	foreach may_wait in array array[false, true] loop
		for candidate in
			select c.user_id from claimable(kinds, 32) c
			group by c.user_id order by min(c.created_at)
		loop
			k := florin.claim_task(candidate.user_id, kinds, worker, lease,
				may_wait);
			if k.id is not null then
				return (200, json_build_object('task', claim_json(k))::text,
					false, null)::answer;
			end if;
		end loop;
	end loop;
	return (200, json_build_object('task', null)::text, false, null)::answer;
end
$$;
