-- Many consumes at once: each a row of its own, as florin_api.consume_credits
-- writes it, with one commit and a few statements for all.  `calls` is an
-- array of objects of that function's parameters; an answer each comes back,
-- in their order.
--
-- Only what is simply done is done here.  Where a wallet is busy, frozen or
-- has something due, or a call would be refused, is repeated or an admin's,
-- its answer is null, and so are those of what its user asks after it: the
-- caller asks consume_credits for each of these.  So what is refused or waits
-- holds up nobody else, and every refusal stands in one place.
--
-- A wallet of which several ask is waited for, but not long: it is likely to
-- be busy with others of them.  These are locked first and in one order, then
-- nobody waits any more: so no two runs wait for each other.
--
-- Each join here is a loop over an index.  A plan made while a table is small
-- would rather read all of it, and is kept: so the other kinds of join are off,
-- and `= any(array[x])` serves an index as `= x` does, but no order of rows.
create or replace function florin_api.consume_run(caller text, calls jsonb)
returns setof florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
set lock_timeout = '100ms'
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
	lone text[];
	crowded text[];
	locked text[];
	moment timestamptz;
	c record;
	w wallets;
	g grants;
	t credit_transactions;
	simple boolean;
	seen text[];
	body text;
	is_drawn boolean;
	n integer := 0; -- wallets that changed, and of each:
	wallet_ids text[];
	balances bigint[];
	totals bigint[];
	versions bigint[];
	revisions bigint[];
	hashes bytea[];
	grant_ids bigint[];
	remainders bigint[];
	rows credit_transactions[];
	keys idempotency_keys[];
	answers answer[] :=
		array_fill(null::answer, array[jsonb_array_length(calls)]);
begin
	select array_agg(k.user_id) filter (where k.calls = 1),
		array_agg(k.user_id) filter (where k.calls > 1)
		into lone, crowded from (
			select j.user_id, count(*) as calls
			from jsonb_to_recordset(calls) as j (user_id text)
			group by j.user_id) k;
	if crowded is not null then
		select array_agg(x.user_id) into locked from (
			select o.user_id from wallets o where o.user_id = any(crowded)
			order by o.user_id || '' for update) x;
	end if;
	select locked || array_agg(x.user_id) into locked from (
		select o.user_id from wallets o where o.user_id = any(lone)
		for update skip locked) x;
	moment := clock();

	for c in
		select k.*, x as wallet, (
				select known.version from idempotency_keys known
				where known.user_id = k.user_id and known.caller = k.caller
					and known.key = k.idempotency_key) as known,
			case when k.is_first then (
				select b from burn_order(k.user_id) b limit 1) end as next_grant
		from (
			select j.*, row_number() over by_user = 1 as is_first
			from rows from (jsonb_to_recordset(calls) as (
				user_id text, caller text, idempotency_key text,
				request_hash bytea, amount bigint, reason text,
				reference_type text, reference_id text))
				with ordinality as j (user_id, caller, idempotency_key,
				request_hash, amount, reason, reference_type, reference_id,
				place)
			window by_user as (partition by j.user_id order by j.place)
		) k
		left join wallets x on x.user_id = any(array[k.user_id])
			and k.user_id = any(locked)
		order by k.user_id, k.place
	loop
		if c.is_first then
			w := c.wallet;
			g := c.next_grant;
			w.last_effective_at := greatest(moment, w.last_effective_at);
			simple := not w.frozen
				and coalesce(w.next_due_at > w.last_effective_at, true);
			seen := '{}';
			is_drawn := false;
		end if;
		simple := simple and w.balance >= c.amount and c.known is null
			and c.caller not like 'admin:%'
			and is_free_reference(c.reference_type, c.reference_id)
			and c.caller || ' ' || c.idempotency_key <> all(seen);
		continue when simple is not true; -- null where there is no wallet

		t := null;
		t.kind := 'consume';
		t.amount := -c.amount;
		t.reason := c.reason;
		t.reference_type := c.reference_type;
		t.reference_id := c.reference_id;
		t.actor := c.caller;
		if g.remaining >= c.amount then
			g.remaining := g.remaining - c.amount;
			t.draws := add_draw(null, g.id, g.source, c.amount);
		else
			call draw_on(g, t);
		end if;
		t := make_row(w, t);
		w := carry(w, t);
		w.revision := w.revision + 1;
		w.updated_at := w.last_effective_at;
		body := entry_text(t, w);
		seen := seen || (c.caller || ' ' || c.idempotency_key);
		rows := rows || t;
		keys := keys || (c.user_id, c.caller, c.idempotency_key,
			c.request_hash, 200, body, t.seq, t.created_at)::idempotency_keys;
		answers[c.place] := (200, body, false, w.revision)::answer;

		-- What of a wallet and its grant is to be written, once for each.
		n := n + (not is_drawn)::integer;
		is_drawn := true;
		wallet_ids[n] := w.user_id;
		balances[n] := w.balance;
		totals[n] := w.total_spent;
		versions[n] := w.version;
		revisions[n] := w.revision;
		hashes[n] := w.head_hash;
		grant_ids[n] := g.id;
		remainders[n] := g.remaining;
	end loop;

	update grants o set remaining = v.remaining, live = v.remaining > 0
		from unnest(wallet_ids, grant_ids, remainders)
			as v (user_id, id, remaining)
		where o.user_id = any(array[v.user_id]) and o.id = v.id;
	insert into credit_transactions select v.* from unnest(rows) v;
	update wallets o
		set balance = v.balance, total_spent = v.total_spent,
			version = v.version, revision = v.revision,
			head_hash = v.head_hash,
			updated_at = greatest(moment, o.last_effective_at),
			last_effective_at = greatest(moment, o.last_effective_at)
		from unnest(wallet_ids, balances, totals, versions, revisions, hashes)
			as v (user_id, balance, total_spent, version, revision, head_hash)
		where o.user_id = any(array[v.user_id]);
	insert into idempotency_keys select v.* from unnest(keys) v;
	return query select * from unnest(answers);
end
$$;
