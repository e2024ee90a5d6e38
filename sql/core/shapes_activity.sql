-- Shapes of what a user does.
create or replace function florin.checkin_json(c florin.daily_checkins)
returns json
language sql stable
as $$
	select json_build_object(
		'date', c.date,
		'streak', c.streak,
		'credits', c.credits,
		'transaction_id', c.transaction_id)
$$;
