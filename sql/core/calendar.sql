-- What will happen to a user's wallet by itself from now until `until`, one
-- branch for each kind of thing.  A membership's credits expire with its
-- reset or its end, which have lines of their own.
create or replace function florin.calendar(uid text, until timestamptz)
returns table (at timestamptz, what text, credits bigint, source text)
language sql stable
as $$
	select h.expires_at, 'hold_expires', h.amount, null
	from florin.holds h
	where h.user_id = uid and h.status = 'open' and h.expires_at < until
	union all
	select g.expires_at, 'grant_expires', g.remaining, g.source
	from florin.grants g
	where g.user_id = uid and g.live and g.expires_at < until
		and g.source <> 'membership'
	union all
	select m.at, m.what, m.credits, m.source
	from florin.membership_calendar(uid, until) m
$$;
