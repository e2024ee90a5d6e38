-- GET /api/checkin: the check-ins of a month, first day first, and where the
-- streak stands.
create or replace function florin_api.get_checkins(
	caller text, user_id text, month text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	today date;
	first date;
begin
	perform touch(user_id, caller);
	-- The day that a check-in now would have.
	select site_date(greatest(clock(), w.last_effective_at)) into today
		from wallets w where w.user_id = get_checkins.user_id;
	first := coalesce(to_date(month, 'YYYY-MM'),
		date_trunc('month', today)::date);
	return (200, json_build_object(
		'month', to_char(first, 'YYYY-MM'),
		'days', (select coalesce(json_agg(checkin_json(c) order by c.date),
				'[]')
			from daily_checkins c
			where c.user_id = get_checkins.user_id
				and c.date >= first and c.date < first + interval '1 month'),
		'streak', greatest(streak_at(user_id, today),
			streak_at(user_id, today - 1)),
		'checked_in_today', streak_at(user_id, today) > 0)::text,
		false, null)::answer;
end
$$;
