-- What would help somebody whose credits do not suffice:
-- [{kind: "top_up", package_id} | {kind: "upgrade", plan}].
create or replace function florin.suggestions(
	w florin.wallets, shortfall bigint)
returns jsonb
language sql stable
as $$
	select florin.suggested_packages(w.user_id, shortfall)
		|| florin.suggested_plan(w.user_id)
$$;

-- The cheapest package that suffices, with the bonus that this user would
-- get; one for each currency that packages are sold in.
create or replace function florin.suggested_packages(
	uid text, shortfall bigint)
returns jsonb
language plpgsql stable
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('kind', 'top_up',
			'package_id', p.package_id) order by p.currency), '[]')
		from (
			select distinct on (c.currency) c.currency, c.package_id
			from florin.credit_packages c
			where c.available and florin.has_plan(uid, c.min_plan)
				and c.credits::numeric + c.bonus_credits + case
					when florin.is_member(uid) then c.member_bonus_credits
					else 0 end >= shortfall
			order by c.currency, c.amount, c.package_id
		) p);
end
$$;

-- The next plan above a user's present one, for somebody without any the
-- first one.
create or replace function florin.suggested_plan(uid text) returns jsonb
language plpgsql stable
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
			'kind', 'upgrade', 'plan', n.plan)), '[]')
		from (
			select p.plan from florin.plans p
			where p.available and p.rank > coalesce((
				select r.rank from florin.membership_periods q
				join florin.plans r on r.plan = q.plan
				where q.user_id = uid and q.state = 'running'), 0)
			order by p.rank limit 1
		) n);
end
$$;
