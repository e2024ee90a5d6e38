-- The lines that a membership has in a user's calendar.
create or replace function florin.membership_calendar(
	uid text, until timestamptz)
returns table (at timestamptz, what text, credits bigint, source text)
language sql stable
as $$
	select f.at, f.what, f.credits,
		case when f.credits > 0 then 'membership' end
	from florin.membership_future(uid, until) f
	where f.at < until
$$;
