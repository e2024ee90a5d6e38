-- Tell people about something.  While the same (detector, subject) of a user
-- is not resolved it is counted, not told again.  `uid` is '' where no user is
-- concerned.
create or replace function florin.raise_alert(
	category text, detector text, severity text,
	uid text, subject text, detail text)
returns void
language sql
as $$
	insert into florin.alerts as a
		(user_id, id, category, detector, subject, severity, detail,
		first_seen_at, last_seen_at)
	select uid, florin.new_id(n.moment), category, detector, subject, severity,
		detail, n.moment, n.moment
	from (select florin.clock()) as n (moment)
	on conflict (user_id, detector, subject) where status <> 'resolved'
	do update set
		count = a.count + 1,
		last_seen_at = greatest(a.last_seen_at, excluded.last_seen_at),
		severity = excluded.severity,
		detail = excluded.detail
$$;
