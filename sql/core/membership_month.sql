-- The first moment that a zone calls `local`.  An hour that comes twice is
-- meant the first time; one that is skipped ends where the skip does.
create or replace function florin.local_moment(local timestamp, zone text)
returns timestamptz
language sql immutable
as $$
	select case
		when ((local at time zone zone) - interval '1 hour')
			at time zone zone = local
		then (local at time zone zone) - interval '1 hour'
		else local at time zone zone end
$$;

-- Where a membership's month begins: the month that holds `moment` (ahead 0)
-- or the next one (ahead 1; always later than `moment`).
create or replace function florin.membership_month(
	m florin.memberships, moment timestamptz, ahead integer)
returns timestamptz
language plpgsql immutable
as $$
declare
	here constant timestamp := moment at time zone m.zone;
	start constant timestamp := m.started_at at time zone m.zone;
	months integer;
begin
	if m.anchor = 'first_of_month' then
		return florin.local_moment(date_trunc('month', here)
			+ make_interval(months => ahead), m.zone);
	end if;
	months := (extract(year from here) - extract(year from start)) * 12
		+ extract(month from here) - extract(month from start);
	if florin.local_moment(start + make_interval(months => months), m.zone)
			> moment then
		months := months - 1;
	end if;
	return florin.local_moment(
		start + make_interval(months => months + ahead), m.zone);
end
$$;
