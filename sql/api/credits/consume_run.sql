-- Many consumes of one user at once: each a row of its own, as
-- florin_api.consume_credits writes it, with one lock, one commit and a few
-- statements for all.  `calls` is an array of that function's parameters; an
-- answer each comes back, in their order.
--
-- All or nothing: where one of them is not simply done (refused, replayed, an
-- admin's) this raises an error, nothing is written, and the caller asks
-- consume_credits for each.  So every refusal is told in one place.
create or replace function florin_api.consume_run(
	caller text, user_id text, calls jsonb)
returns setof florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	g grants;
	c record;
	t credit_transactions;
	missing bigint;
	taken bigint;
	rows credit_transactions[];
	answers answer[];
begin
	w := lock_wallet(user_id, caller);
	w := settle(w);
	if w.frozen or exists (
			select from jsonb_to_recordset(calls)
				as k (caller text, idempotency_key text, amount bigint)
			having w.balance < sum(k.amount)
				or bool_or(k.caller like 'admin:%')
				or count(distinct (k.caller, k.idempotency_key)) < count(*)
				or count(( -- by its index for each, never all of the user's
					select known.version from idempotency_keys known
					where known.user_id = w.user_id
						and known.caller = k.caller
						and known.key = k.idempotency_key)) > 0) then
		raise exception using errcode = 'FL002',
			message = 'not simply done: one by one';
	end if;

	for c in
		select * from jsonb_to_recordset(calls) as k (caller text,
			amount bigint, reason text, reference_type text, reference_id text)
	loop
		if c.reference_type is not null or c.reference_id is not null then
			perform check_reference(c.reference_type, c.reference_id);
		end if;
		t := null;
		t.kind := 'consume';
		t.amount := -c.amount;
		t.reason := c.reason;
		t.reference_type := c.reference_type;
		t.reference_id := c.reference_id;
		t.actor := c.caller;
		missing := c.amount;
		while missing > 0 loop
			if g.remaining is null or g.remaining = 0 then
				call save_grant(g);
				select * into strict g from burn_order(w.user_id) limit 1;
			end if;
			taken := least(missing, g.remaining);
			g.remaining := g.remaining - taken;
			missing := missing - taken;
			t.draws := add_draw(t.draws, g.id, g.source, taken);
		end loop;
		t := make_row(w, t);
		w := carry(w, t);
		w.revision := w.revision + 1;
		w.updated_at := w.last_effective_at;
		rows := rows || t;
		answers := answers
			|| (200, entry_text(t, w), false, w.revision)::answer;
	end loop;

	call save_grant(g);
	insert into credit_transactions select r.* from unnest(rows) r;
	insert into idempotency_keys
		(user_id, caller, key, request_hash, status, body, version, created_at)
		select w.user_id, k.caller, k.idempotency_key, k.request_hash,
			k.status, k.body, (rows[k.place]).seq, w.last_effective_at
		from rows from (
			jsonb_to_recordset(calls) as (caller text, idempotency_key text,
				request_hash bytea),
			unnest(answers)) with ordinality
			as k (caller, idempotency_key, request_hash, status, body,
				replayed, revision, place);
	w.revision := w.revision - 1; -- which save_wallet adds
	w := save_wallet(w);
	return query select * from unnest(answers);
end
$$;
