-- Only members of `min_plan` or a higher one (null: everybody).  The caller
-- has settled the wallet.
create or replace function florin.require_plan(uid text, min_plan text)
returns void
language plpgsql
as $$
declare
	needed constant integer := (select p.rank from florin.plans p
		where p.plan = min_plan);
begin
	if min_plan is null or exists (
			select from florin.membership_periods q
			join florin.plans p on p.plan = q.plan
			where q.user_id = uid and q.state = 'running'
				and p.rank >= needed) then
		return;
	end if;
	perform florin.refuse('members_only', jsonb_build_object('plans', (
		select coalesce(jsonb_agg(p.plan order by p.rank), '[]')
		from florin.plans p where p.rank >= needed)));
end
$$;
