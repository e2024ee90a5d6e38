-- GET /api/credits/calendar: what the next 12 months bring and take.
create or replace function florin_api.get_calendar(
	caller text, user_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	until timestamptz;
	a answer;
begin
	perform touch(user_id, caller);
	until := greatest(florin.clock(), (select w.last_effective_at
		from wallets w where w.user_id = get_calendar.user_id))
		+ interval '12 months';
	select 200, json_build_object('data', coalesce(json_agg(
			json_build_object('at', c.at, 'what', c.what,
				'credits', c.credits, 'source', c.source)
			order by c.at, array_position(array['hold_expires',
				'period_ends', 'grant_expires', 'period_begins'], c.what),
				c.what, c.source, c.credits), '[]'))::text,
		false, null
		into a
		from calendar(user_id, until) c;
	return a;
end
$$;
