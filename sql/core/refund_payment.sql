-- Bring an order's credits in line with what of its price went back to the
-- payer: the sum of its refunds and of disputes that are not won, at most the
-- price.  `t` is the row that this wrote, all null if none; `missing` is what
-- could not be taken because it was spent or is held.
create or replace procedure florin.refund_payment(
	inout w florin.wallets, inout o florin.payment_orders,
	inout t florin.credit_transactions, inout missing bigint)
language plpgsql
as $$
declare
	due bigint; -- of what the order brought, in sum
	was_refunded constant boolean := o.status = 'refunded';
begin
	o.refunded_amount := least(o.amount, (
		select coalesce(sum(r.amount), 0) from florin.payment_refunds r
		where r.user_id = o.user_id and r.order_id = o.id
			and not r.reversed));
	o.status := case o.refunded_amount when 0 then 'paid'
		when o.amount then 'refunded' else 'partially_refunded' end;
	missing := 0;
	if o.plan is not null then
		call florin.refund_plan_payment(w, o, t, missing, was_refunded);
	else
		due := ceil(o.credited::numeric * o.refunded_amount / o.amount);
		if due > o.claimed then
			call florin.claw_back(w, o, t, due - o.claimed, missing);
		elsif due < o.claimed then
			call florin.return_claim(w, o, t, o.claimed - due);
		end if;
	end if;
	call florin.save_order(o);
	if missing > 0 then
		perform florin.raise_alert('security', 'clawback_shortfall',
			'warning', o.user_id, o.id,
			format('order %s was refunded: %s of its credits are spent or'
				' held', o.id, o.shortfall));
	end if;
end
$$;

-- Claim `credits` of what an order brought, from its own grants in burn
-- order.  What is missing had expired, which is the user's loss already, or
-- is spent or held: the shortfall.
create or replace procedure florin.claw_back(
	inout w florin.wallets, inout o florin.payment_orders,
	inout t florin.credit_transactions, credits bigint, inout missing bigint)
language plpgsql
as $$
declare
	g record;
	taken bigint := 0;
	expired bigint;
begin
	t.reference_type := 'order';
	t.reference_id := o.id;
	for g in
		select id, source, remaining from florin.grants
			where user_id = w.user_id and order_id = o.id and live
			order by (category = 'membership' and
					florin.setting('burn_order') = 'balance_first'),
				priority, expires_at nulls last, category = 'paid', id
	loop
		exit when taken = credits;
		call florin.take_from_grant(w, t, g.id,
			least(credits - taken, g.remaining));
		taken := taken + least(credits - taken, g.remaining);
	end loop;
	select coalesce(sum(e.expired), 0) into expired from florin.grants e
		where e.user_id = w.user_id and e.order_id = o.id;
	expired := expired - (o.claimed - o.taken - o.shortfall);
	missing := greatest(credits - taken - expired, 0);
	o.claimed := o.claimed + credits;
	o.taken := o.taken + taken;
	o.shortfall := o.shortfall + missing;
	if taken > 0 then
		t.kind := 'clawback';
		t.amount := -taken;
		call florin.post(w, t);
	end if;
end
$$;

-- Take credits out of one grant, noting it in t.draws.
create or replace procedure florin.take_from_grant(
	w florin.wallets, inout t florin.credit_transactions,
	grant_id bigint, credits bigint)
language plpgsql
as $$
declare
	source text;
begin
	update florin.grants g
		set remaining = remaining - credits, live = remaining > credits
		where g.user_id = w.user_id and g.id = grant_id
		returning g.source into strict source;
	t.draws := florin.add_draw(t.draws, grant_id, source, credits);
end
$$;

-- A dispute was won: `credits` are claimed no more.  What was still missing
-- is forgiven first, then what was taken comes back.
create or replace procedure florin.return_claim(
	inout w florin.wallets, inout o florin.payment_orders,
	inout t florin.credit_transactions, credits bigint)
language plpgsql
as $$
declare
	forgiven constant bigint := least(credits, o.shortfall);
	back constant bigint := least(credits - forgiven, o.taken);
	lost jsonb;
begin
	o.claimed := o.claimed - credits;
	o.shortfall := o.shortfall - forgiven;
	o.taken := o.taken - back;
	if back = 0 then
		return;
	end if;
	t.kind := 'clawback';
	t.amount := back;
	t.reference_type := 'order';
	t.reference_id := o.id;
	call florin.refill_grants(w, o, t, back, lost);
	call florin.post(w, t);
	call florin.lose_returned(w, lost, t.effective_at);
end
$$;

-- Put what was clawed back into the grants that it came from, the last first.
create or replace procedure florin.refill_grants(
	inout w florin.wallets, o florin.payment_orders,
	inout t florin.credit_transactions, credits bigint, inout lost jsonb)
language plpgsql
as $$
declare
	g record;
	part bigint;
	graced jsonb;
	left_over bigint := credits;
begin
	for g in
		select d.grant_id as id,
			-sum(d.amount * sign(l.amount))::bigint as taken
		from florin.credit_transactions l,
			jsonb_to_recordset(l.draws) as d (grant_id bigint, amount bigint)
		where l.user_id = w.user_id and l.reference_type = 'order'
			and l.reference_id = o.id and l.kind = 'clawback'
		group by d.grant_id
		having sum(d.amount * sign(l.amount)) < 0
		order by max(l.seq) desc, d.grant_id
	loop
		part := least(left_over, g.taken);
		exit when part = 0;
		left_over := left_over - part;
		call florin.return_part(w, t, g.id, part, true, graced, lost);
	end loop;
	if graced is not null then
		call florin.feed_graced(w, t, graced);
	end if;
end
$$;
