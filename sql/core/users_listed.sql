-- A row of the list of users; of the grants those that still live count.
create or replace function florin.listed_user_json(
	v florin.user_membership_status, as_of timestamptz)
returns json
language sql stable
as $$
	select json_build_object(
		'user_id', v.user_id,
		'email', v.email,
		'display_name', v.display_name,
		'created_at', v.created_at,
		'balance', coalesce((select sum(g.remaining) from florin.grants g
			where g.user_id = v.user_id and g.live
				and (g.expires_at is null or g.expires_at > as_of)), 0),
		'held', v.held,
		'level', v.level,
		'frozen', v.frozen,
		'plan', v.plan,
		'period', v.period,
		'status', v.status,
		'monthly_credits', v.monthly_credits,
		'started_at', v.started_at,
		'expires_at', v.expires_at,
		'next_reset_at', v.next_reset_at)
$$;
