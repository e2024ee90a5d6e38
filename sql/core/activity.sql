-- The day of a moment at the site.
create or replace function florin.site_date(moment timestamptz) returns date
language sql stable
as $$ select (moment at time zone florin.setting('timezone'))::date $$;

-- Move counters of a user's stats (names of its columns) by so many steps, and
-- note that the user was active.
create or replace procedure florin.count_activity(
	w florin.wallets, counters text[], steps bigint default 1)
language plpgsql
as $$
begin
	update florin.stats set
		session_count = session_count
			+ steps * ('session_count' = any(counters))::integer,
		session_seconds = session_seconds
			+ steps * ('session_seconds' = any(counters))::integer,
		message_count = message_count
			+ steps * ('message_count' = any(counters))::integer,
		task_count = task_count
			+ steps * ('task_count' = any(counters))::integer,
		checkin_count = checkin_count
			+ steps * ('checkin_count' = any(counters))::integer,
		action_count = action_count
			+ steps * ('action_count' = any(counters))::integer,
		last_active_at = w.last_effective_at,
		revision = revision + 1
		where user_id = w.user_id;
end
$$;

-- Something will happen to this wallet by itself at `moment`: look then.
-- Nobody sees this, so that the revision stays.
create or replace procedure florin.wake_at(
	inout w florin.wallets, moment timestamptz)
language plpgsql
as $$
begin
	if moment < coalesce(w.next_due_at, 'infinity') then
		w.next_due_at := moment;
		update florin.wallets set next_due_at = moment
			where user_id = w.user_id;
	end if;
end
$$;
