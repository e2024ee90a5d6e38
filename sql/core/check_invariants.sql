-- The invariants of one user, a row for each that does not hold (none: all
-- is well).  Reads one snapshot: run it in a transaction of its own.
create or replace function florin.check_user(uid text)
returns table (invariant text, detail text)
language sql stable
as $$
	with w as (
		select * from florin.wallets where user_id = uid
	), ledger as (
		select t.*,
			lag(t.balance_after, 1, 0::bigint) over by_seq as balance_before,
			lag(t.hash, 1, sha256(convert_to(uid, 'UTF8'))) over by_seq
				as hash_before,
			lag(t.effective_at) over by_seq as effective_before,
			lag(t.created_at) over by_seq as created_before,
			row_number() over by_seq as place
		from florin.credit_transactions t
		where t.user_id = uid
		window by_seq as (order by t.seq)
	), total as (
		select count(*) as rows, coalesce(sum(amount), 0) as amount,
			coalesce(max(seq), 0) as last_seq,
			coalesce(sum(-amount) filter
				(where kind in ('consume', 'refund')), 0)
				+ (select coalesce(sum(captured), 0)
				from florin.holds where user_id = uid) as spent,
			coalesce(sum(amount) filter (where amount > 0
				and kind not in ('refund', 'release')), 0) as granted
		from ledger
	), drawn as (
		select d.grant_id,
			sum(d.amount * sign(t.amount)) as remaining,
			sum(d.amount) filter (where t.amount > 0
				and t.kind not in ('refund', 'release', 'clawback'))
				as granted,
			bool_and(d.amount > 0) as positive
		from ledger t, jsonb_to_recordset(t.draws)
			as d (grant_id bigint, source text, amount bigint)
		group by d.grant_id
	), spent as (
		select t.seq, case t.kind when 'consume' then -t.amount
			when 'hold' then nullif(h.captured, 0) end as spent
		from ledger t
		left join florin.holds h on h.user_id = uid and t.kind = 'hold'
			and h.id = t.reference_id
	), returned as (
		select t.reference_id, sum(t.amount) as amount
		from ledger t
		where t.kind = 'refund' and t.reference_type = 'transaction'
		group by t.reference_id
	)
	select 'user', 'a user without a wallet' where not exists (select from w)
	union all
	select 'user', 'a wallet without user or stats' from w
	where not exists (select from florin.users u where u.user_id = uid)
		or not exists (select from florin.stats s where s.user_id = uid)
	union all
	select 'balance', format('balance %s, ledger %s, grants %s',
		w.balance, total.amount, g.remaining)
	from w, total, (
		select coalesce(sum(remaining), 0) as remaining
		from florin.grants where user_id = uid) g
	where w.balance < 0 or w.balance <> total.amount
		or w.balance <> g.remaining
	union all
	select 'balance_after', format('seq %s', seq) from ledger
	where balance_after <> balance_before + amount
	union all
	select 'seq', format('version %s, rows %s, last %s', w.version, total.rows,
		total.last_seq)
	from w, total where w.version <> total.rows or w.version <> total.last_seq
	union all
	select 'time', format('seq %s runs back', seq) from ledger
	where effective_at < effective_before or created_at < created_before
		or effective_at > created_at
	union all
	select 'time', 'the wallet is behind its ledger' from w
	where exists (select from ledger l
		where l.created_at > w.last_effective_at)
	union all
	select 'totals', format('spent %s of %s, granted %s of %s', w.total_spent,
		total.spent, w.total_granted, total.granted)
	from w, total
	where w.total_spent <> total.spent or w.total_granted <> total.granted
	union all
	select 'draws', format('seq %s draws %s of %s', t.seq, d.amount, t.amount)
	from ledger t, lateral (
		select coalesce(sum(amount), 0) as amount
		from jsonb_to_recordset(t.draws) as d (amount bigint)) d
	where d.amount <> abs(t.amount)
	union all
	select 'grant', format('grant %s: remaining %s, draws say %s',
		coalesce(g.id, drawn.grant_id), g.remaining, drawn.remaining)
	from (select * from florin.grants where user_id = uid) g
	full join drawn on drawn.grant_id = g.id
	where g.remaining is distinct from drawn.remaining
		or g.remaining < 0 or g.remaining > g.amount or not drawn.positive
	union all
	select 'grant', format('grant %s: remaining %s, live %s', g.id,
		g.remaining, g.live)
	from florin.grants g
	where g.user_id = uid and g.live <> (g.remaining > 0)
	union all
	select 'reference', format('seq %s: half a reference', seq) from ledger
	where (reference_type is null) <> (reference_id is null)
	union all
	select 'grant', format('grant %s: amount %s, the ledger granted %s', g.id,
		g.amount, drawn.granted)
	from florin.grants g left join drawn on drawn.grant_id = g.id
	where g.user_id = uid and g.source <> 'refund'
		and g.amount is distinct from drawn.granted
	union all
	select 'grant', format('grant %s is above the last number %s', g.id,
		w.grants_made)
	from florin.grants g, w where g.user_id = uid and g.id > w.grants_made
	union all
	select 'grant', format('grant %s is past its expiry', g.id)
	from florin.grants g, w
	where g.user_id = uid and g.live and g.expires_at <= w.updated_at
	union all
	select 'refund', format('transaction %s: spent %s, returned %s',
		r.reference_id, s.spent, r.amount)
	from returned r
	left join spent s on s.seq::text = r.reference_id
	where s.spent is null or r.amount > s.spent
	union all
	select 'held', format('held %s, open holds %s', w.held, h.held)
	from w, (
		select coalesce(sum(amount), 0) as held from florin.holds
		where user_id = uid and status = 'open') h
	where w.held <> h.held
	union all
	select 'hold', format('hold %s (%s): took %s, captured %s, returned %s',
		coalesce(h.id, l.id), h.status, l.taken, h.captured, l.returned)
	from (select * from florin.holds where user_id = uid) h
	full join (
		select reference_id as id,
			min(seq) filter (where kind = 'hold') as seq,
			count(*) filter (where kind = 'hold') as times,
			-sum(amount) filter (where kind = 'hold') as taken,
			count(*) filter (where kind = 'release') as returns,
			coalesce(sum(amount) filter (where kind = 'release'), 0)
				as returned
		from ledger
		where kind in ('hold', 'release')
		group by reference_id
	) l on l.id = h.id
	where h.id is null or l.id is null or l.times <> 1
		or l.seq <> h.transaction_id or l.taken <> h.amount
		or l.returns > 1 or l.returned <> case h.status
			when 'open' then 0 else h.amount - h.captured end
	union all
	select 'hold', format('hold %s is past its expiry', h.id)
	from florin.holds h, w
	where h.user_id = uid and h.status = 'open'
		and h.expires_at <= w.updated_at
	union all
	select 'next_due_at', format('%s is after %s of %s', w.next_due_at, e.at,
		e.what)
	from w, florin.next_event(uid) e
	where e.at < coalesce(w.next_due_at, 'infinity')
	union all
	select 'chain', format('seq %s', t.seq)
	from ledger t
	where t.prev_hash <> t.hash_before
		or t.hash <> florin.ledger_hash(row(
			t.user_id, t.seq, t.kind, t.amount, t.balance_after, t.draws,
			t.reason, t.reason_hash, t.reference_type, t.reference_id,
			t.actor, t.created_at, t.effective_at, t.prev_hash,
			t.hash)::florin.credit_transactions)
		or (t.reason is not null and t.reason_hash
			<> sha256(convert_to(t.reason, 'UTF8')))
	union all
	select 'chain', 'the head is not the last row''s hash'
	from w, total
	where w.head_hash is distinct from coalesce(
		(select hash from ledger where seq = total.last_seq),
		sha256(convert_to(uid, 'UTF8')))
	union all
	select a.invariant, a.detail from florin.check_activity(uid) a
	union all
	select 'idempotency', format('key %s names version %s', k.key, k.version)
	from florin.idempotency_keys k, w
	where k.user_id = uid and k.version > w.version
	union all
	select c.invariant, c.detail from florin.check_membership(uid) c
	union all
	select p.invariant, p.detail from florin.check_payments(uid) p
	union all
	select c.invariant, c.detail from florin.check_codes(uid) c
$$;

-- Rows of nobody: the ledger and the keys have no foreign key.
create or replace function florin.check_orphans()
returns table (user_id text, invariant text, detail text)
language sql stable
as $$
	select t.user_id, 'user', 'rows of no user'
	from (
		select g.user_id from florin.credit_transactions g
		union select k.user_id from florin.idempotency_keys k
	) t
	where not exists (
		select from florin.users where users.user_id = t.user_id)
$$;

-- The invariants of a page of users (user ids after `after_user`, at most
-- `page_users`; null: all), a row for each that does not hold.
create or replace function florin.check_invariants(
	after_user text default '', page_users integer default null)
returns table (user_id text, invariant text, detail text)
language sql stable
as $$
	select u.user_id, c.invariant, c.detail
	from (
		select users.user_id from florin.users
		where users.user_id > after_user
		order by users.user_id limit page_users
	) u, florin.check_user(u.user_id) c
	union all
	select o.user_id, o.invariant, o.detail
	from florin.check_orphans() o where page_users is null
$$;
