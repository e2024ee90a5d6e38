-- User, wallet and membership in one row each, for the console's lists and
-- status queries.  Not settled: what has ended by as_of is shown as ended,
-- what has begun as begun, whether or not a job has come by.
create view florin.user_membership_status as
select u.user_id, u.email, u.display_name, u.created_at,
	w.balance, w.held, w.level, w.frozen,
	case when m.user_id is null then 'none'
		when m.expires_at <= now.as_of then 'expired'
		else m.status end as status,
	p.plan, p.period, p.monthly_credits,
	m.started_at, m.expires_at,
	case when m.next_reset_at > now.as_of then m.next_reset_at end
		as next_reset_at,
	now.as_of
from florin.users u
join florin.wallets w on w.user_id = u.user_id
left join florin.memberships m on m.user_id = u.user_id
cross join lateral (select florin.clock() as as_of) now
left join lateral (
	select q.plan, q.period, q.monthly_credits
	from florin.membership_periods q
	where q.user_id = m.user_id
		and (q.begun_at is not null or q.state = 'waiting')
		and q.starts_at <= now.as_of
	order by q.state in ('running', 'waiting') and q.ends_at > now.as_of desc,
		q.ends_at desc, q.state = 'dropped', q.starts_at desc
	limit 1
) p on true;
