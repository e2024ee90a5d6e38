-- End pending orders whose time is over, at most "limit" (1000).  Candidates
-- are picked by a plain read, each is ended by its own key.
create or replace function florin_jobs.expire_orders(
	caller text, "limit" bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	candidate record;
	moment constant timestamptz := florin.clock();
	expired integer := 0;
begin
	for candidate in
		select o.user_id, o.id from payment_orders o
		where o.status = 'pending' and o.expires_at <= moment
		order by o.expires_at limit coalesce("limit", 1000)
	loop
		update payment_orders o set status = 'expired'
			where o.user_id = candidate.user_id and o.id = candidate.id
				and o.status = 'pending';
		if found then
			expired := expired + 1;
		end if;
	end loop;
	return (200, json_build_object('expired', expired)::text, false,
		null)::answer;
end
$$;
