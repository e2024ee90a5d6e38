-- How many days in a row a user had checked in at the end of a day.
create or replace function florin.streak_at(uid text, day date)
returns bigint
language plpgsql stable
as $$
begin
	return coalesce((
		select c.streak from florin.daily_checkins c
		where c.user_id = uid and c.date = day), 0);
end
$$;

-- Give the credits of a check-in; none writes no row: then t.seq stays null.
create or replace procedure florin.reward_checkin(
	inout w florin.wallets, inout t florin.credit_transactions,
	kind text, credits bigint, day date, caller text)
language plpgsql
as $$
begin
	if credits = 0 then
		return;
	end if;
	t.kind := kind;
	t.amount := credits;
	t.reference_type := 'checkin';
	t.reference_id := to_char(day, 'YYYY-MM-DD');
	t.actor := caller;
	call florin.feed(w, t, 'checkin', credits, null, null);
	call florin.post(w, t);
end
$$;
