-- Return `credits` of the ledger row `source_row`, of which `returned` came
-- back before: walk its draws backwards into the same grants, noting it in
-- t.draws.  Into a grant that has expired since, credits come back once: as
-- one grant of source refund that lives refund_grace (with_grace), otherwise
-- and at the second time they expire at once: `lost` lists those grants, for
-- florin.lose_returned after the row is posted.  Called by
-- florin.return_credits.
create or replace procedure florin.give_back(
	inout w florin.wallets, inout t florin.credit_transactions,
	source_row florin.credit_transactions, returned bigint, credits bigint,
	with_grace boolean, inout lost jsonb)
language plpgsql
as $$
declare
	grace constant interval := florin.setting('refund_grace');
	d record;
	g florin.grants;
	skip bigint := returned;
	missing bigint := credits;
	part bigint;
	graced bigint := 0;
	moment constant timestamptz :=
		coalesce(t.effective_at, w.last_effective_at);
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
		select * into strict g from florin.grants
			where user_id = w.user_id and id = d.grant_id;
		if g.expires_at <= moment and with_grace
				and grace > '0' and g.source <> 'refund' then
			graced := graced + part;
			continue;
		end if;
		update florin.grants
			set remaining = remaining + part, live = true
			where user_id = w.user_id and id = d.grant_id;
		t.draws := florin.add_draw(t.draws, g.id, g.source, part);
		if g.expires_at <= moment then
			lost := coalesce(lost, '[]') || to_jsonb(g.id);
		else
			w.next_due_at := least(w.next_due_at, g.expires_at);
		end if;
	end loop;
	if graced > 0 then
		call florin.feed(w, t, 'refund', graced,
			moment + grace, null);
	end if;
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
