-- Take credits in burn order: the draws of the row that takes them.  Too few:
-- 402 with the balance seen under the lock.
create or replace function florin.draw(w florin.wallets, credits bigint)
returns jsonb
language plpgsql
as $$
declare
	g record;
	draws jsonb;
	missing bigint := credits;
	taken bigint;
begin
	if w.balance < credits then
		perform florin.refuse('insufficient_credits', jsonb_build_object(
			'balance', w.balance,
			'required', credits,
			'shortfall', credits - w.balance,
			'suggestions', florin.suggestions(w, credits - w.balance)));
	end if;
	for g in
		select id, source, remaining from florin.burn_order(w.user_id)
	loop
		taken := least(missing, g.remaining);
		update florin.grants
			set remaining = g.remaining - taken, live = g.remaining > taken
			where user_id = w.user_id and id = g.id;
		draws := florin.add_draw(draws, g.id, g.source, taken);
		missing := missing - taken;
		exit when missing = 0;
	end loop;
	if missing > 0 then
		raise exception 'grants of % hold less than the balance', w.user_id;
	end if;
	return draws;
end
$$;

-- Write back what remains of a grant (none: nothing).
create or replace procedure florin.save_grant(g florin.grants)
language plpgsql
as $$
begin
	if g.id is not null then
		update florin.grants
			set remaining = g.remaining, live = g.remaining > 0
			where user_id = g.user_id and id = g.id;
	end if;
end
$$;
