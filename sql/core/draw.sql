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

-- The same for the row t, one of many of a user: the grant that is drawn on
-- stays in g, and is written here only when another follows it.  The caller
-- knows that the credits suffice, and writes the last one.
create or replace procedure florin.draw_on(
	inout g florin.grants, inout t florin.credit_transactions)
language plpgsql
as $$
declare
	missing bigint := -t.amount;
	taken bigint;
begin
	loop
		taken := least(missing, coalesce(g.remaining, 0));
		if taken > 0 then
			g.remaining := g.remaining - taken;
			missing := missing - taken;
			t.draws := florin.add_draw(t.draws, g.id, g.source, taken);
		end if;
		exit when missing = 0;
		update florin.grants set remaining = 0, live = false
			where user_id = g.user_id and id = g.id;
		select * into strict g from florin.burn_order(g.user_id) limit 1;
	end loop;
end
$$;
