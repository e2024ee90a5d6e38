-- Return `credits` of the ledger row `source_row`, of which `returned` came
-- back before: walk its draws backwards into the same grants, noting it in
-- t.draws.  `lost` lists grants whose credits expire at once, for
-- florin.lose_returned after the row is posted.  Called by
-- florin.return_credits.
create or replace procedure florin.give_back(
	inout w florin.wallets, inout t florin.credit_transactions,
	source_row florin.credit_transactions, returned bigint, credits bigint,
	with_grace boolean, inout lost jsonb)
language plpgsql
as $$
declare
	d record;
	skip bigint := returned;
	missing bigint := credits;
	part bigint;
	graced jsonb;
begin
	for d in
		select (e.draw ->> 'grant_id')::bigint as grant_id,
			(e.draw ->> 'amount')::bigint as amount
		from jsonb_array_elements(source_row.draws)
			with ordinality as e (draw, place)
		order by e.place desc
	loop
		part := least(missing, d.amount - least(skip, d.amount));
		skip := skip - least(skip, d.amount);
		continue when part = 0;
		missing := missing - part;
		call florin.return_part(w, t, d.grant_id, part, with_grace, graced,
			lost);
	end loop;
	if graced is not null then
		call florin.feed_graced(w, t, graced);
	end if;
end
$$;

-- Return credits to the grant that they came from.  Into one that has expired
-- since, they come back once (with_grace): `graced` gathers them.  Otherwise,
-- and at the second time, they expire at once.
create or replace procedure florin.return_part(
	inout w florin.wallets, inout t florin.credit_transactions,
	grant_id bigint, credits bigint, with_grace boolean,
	inout graced jsonb, inout lost jsonb)
language plpgsql
as $$
declare
	g florin.grants;
	moment constant timestamptz :=
		coalesce(t.effective_at, w.last_effective_at);
begin
	select * into strict g from florin.grants
		where user_id = w.user_id and id = grant_id;
	if g.expires_at <= moment and with_grace and g.source <> 'refund'
			and florin.setting('refund_grace')::interval > '0' then
		graced := coalesce(graced, '[]') || jsonb_build_object(
			'order_id', case g.source when 'membership'
				then florin.order_of_quota(w.user_id, g.id)
				else g.order_id end,
			'amount', credits);
		return;
	end if;
	update florin.grants
		set remaining = remaining + credits, live = true
		where user_id = w.user_id and id = grant_id
			and remaining + credits <= amount;
	if not found then
		raise exception 'grant % of % would hold more than it brought',
			grant_id, w.user_id;
	end if;
	t.draws := florin.add_draw(t.draws, g.id, g.source, credits);
	if g.expires_at <= moment then
		lost := coalesce(lost, '[]') || to_jsonb(g.id);
	else
		w.next_due_at := least(w.next_due_at, g.expires_at);
	end if;
end
$$;

-- Credits that came back after their grant expired live refund_grace more, in
-- one grant; those of an order in one of their own, which its refund finds.
create or replace procedure florin.feed_graced(
	inout w florin.wallets, inout t florin.credit_transactions, graced jsonb)
language plpgsql
as $$
declare
	part record;
	expiry constant timestamptz :=
		coalesce(t.effective_at, w.last_effective_at)
		+ florin.setting('refund_grace')::interval;
begin
	for part in
		select e.order_id, sum(e.amount)::bigint as credits
		from jsonb_to_recordset(graced) as e (order_id text, amount bigint)
		group by e.order_id order by e.order_id nulls first
	loop
		call florin.feed(w, t, 'refund', part.credits, expiry, null);
		if part.order_id is not null then
			update florin.grants g set order_id = part.order_id
				where g.user_id = w.user_id and g.id = w.grants_made;
		end if;
	end loop;
end
$$;

-- Credits that came back into grants that have expired go at once.
create or replace procedure florin.lose_returned(
	inout w florin.wallets, lost jsonb, moment timestamptz)
language plpgsql
as $$
declare
	grant_id bigint;
begin
	for grant_id in
		select distinct e::bigint from jsonb_array_elements(lost) e order by 1
	loop
		call florin.expire_grant(w, grant_id, moment);
	end loop;
end
$$;
