-- The running period, or what ran last.
create or replace function florin.present_period(uid text)
returns florin.membership_periods
language sql stable
as $$
	select * from florin.membership_periods q
	where q.user_id = uid and q.begun_at is not null
	order by q.state = 'running' desc, q.ends_at desc, q.state = 'dropped',
		q.starts_at desc
	limit 1
$$;

-- A settled user's membership; of somebody who never was a member all is
-- null and the status none.
create or replace function florin.membership_json(uid text) returns json
language plpgsql stable
as $$
begin
	return (
		select json_build_object(
			'plan', p.plan,
			'period', p.period,
			'status', coalesce(m.status, 'none'),
			'monthly_credits', p.monthly_credits,
			'started_at', m.started_at,
			'expires_at', m.expires_at,
			'next_reset_at', m.next_reset_at,
			'upcoming', coalesce((
				select json_agg(json_build_object(
					'plan', q.plan,
					'period', q.period,
					'starts_at', q.starts_at,
					'ends_at', q.ends_at) order by q.place)
				from florin.membership_periods q
				where q.user_id = uid and q.state = 'waiting'), '[]'))
		from (select) nobody
		left join florin.memberships m on m.user_id = uid
		left join florin.present_period(uid) p on m.user_id is not null);
end
$$;

create or replace function florin.plan_json(s florin.plans) returns json
language sql stable
as $$
	select json_build_object(
		'plan', s.plan,
		'rank', s.rank,
		'monthly_credits', s.monthly_credits,
		'prices', coalesce((
			select json_agg(json_build_object(
				'period', q.period,
				'amount', q.amount,
				'currency', q.currency)
				order by q.period, q.currency)
			from florin.plan_prices q where q.plan = s.plan), '[]'),
		'available', s.available)
$$;
