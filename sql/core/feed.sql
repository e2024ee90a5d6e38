-- Put credits into a grant of `source` and note it in t.draws.  Without an
-- expiry a source that merges has one grant for each priority, which grows.
-- What an order brings stays apart: its refund must find it.
create or replace procedure florin.feed(
	inout w florin.wallets, inout t florin.credit_transactions,
	from_source text, credits bigint,
	expiry timestamptz, burn_priority integer)
language plpgsql
as $$
declare
	s florin.credit_sources;
	g florin.grants;
	moment constant timestamptz :=
		coalesce(t.effective_at, w.last_effective_at);
	order_id constant text := case when t.reference_type = 'order'
		then t.reference_id end;
	merges boolean;
begin
	select * into strict s from florin.credit_sources
		where source = from_source;
	if expiry is null and s.expires_after_days is not null then
		expiry := moment + make_interval(days => s.expires_after_days);
	end if;
	merges := s.merge and expiry is null and order_id is null;
	if merges then
		-- A merged grant holds at most what was ever granted: past the limit
		-- florin.post refuses, but its own check would come first.
		if w.total_granted + credits > 9007199254740991 then
			perform florin.refuse('balance_limit');
		end if;
		update florin.grants
			set amount = amount + credits, remaining = remaining + credits,
				live = true
			where user_id = w.user_id and source = from_source and merged
				and priority = coalesce(burn_priority, s.priority)
			returning * into g;
	end if;
	if g.id is null then
		w.grants_made := w.grants_made + 1;
		insert into florin.grants
			(user_id, id, source, amount, remaining, priority, category,
			effective_at, expires_at, merged, live, order_id)
			values (w.user_id, w.grants_made, from_source, credits, credits,
			coalesce(burn_priority, s.priority), s.category,
			moment, expiry, merges, true, order_id)
			returning * into g;
		w.next_due_at := least(w.next_due_at, expiry);
	end if;
	t.draws := florin.add_draw(t.draws, g.id, g.source, credits);
end
$$;

-- Append {grant_id, source, amount} to draws (null: none yet).  The names of
-- sources need no escapes.
create or replace function florin.add_draw(
	draws jsonb, grant_id bigint, source text, amount bigint)
returns jsonb
language sql stable
as $$
	select coalesce(draws, '[]') || format(
		'[{"grant_id":%1$s,"source":"%3$s","amount":%2$s}]',
		grant_id, amount, source)::jsonb
$$;
