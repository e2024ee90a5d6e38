-- Is this user a member now?  The caller has settled the wallet.
create or replace function florin.is_member(uid text) returns boolean
language plpgsql stable
as $$
begin
	return exists (
		select from florin.membership_periods q
		where q.user_id = uid and q.state = 'running');
end
$$;

-- Is this user a member of `min_plan` or a higher one (null: everybody is)?
-- The caller has settled the wallet.
create or replace function florin.has_plan(uid text, min_plan text)
returns boolean
language plpgsql stable
as $$
begin
	return min_plan is null or exists (
		select from florin.membership_periods q
		join florin.plans p on p.plan = q.plan
		join florin.plans needed on needed.plan = min_plan
		where q.user_id = uid and q.state = 'running'
			and p.rank >= needed.rank);
end
$$;

-- Refuse everybody else.
create or replace function florin.require_plan(uid text, min_plan text)
returns void
language plpgsql
as $$
begin
	if not florin.has_plan(uid, min_plan) then
		perform florin.refuse('members_only', jsonb_build_object('plans', (
			select coalesce(jsonb_agg(p.plan order by p.rank), '[]')
			from florin.plans p join florin.plans needed
				on needed.plan = min_plan and p.rank >= needed.rank)));
	end if;
end
$$;
