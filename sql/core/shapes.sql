-- The shapes of the HTTP contract, as JSON text.
-- What every operation answers is written by format(), as text: it costs half
-- of what json_build_object() does, which looks up the type of each name and
-- each value at each call.  Arguments of one type stand together, because
-- format() looks a type up when it changes.
create or replace function florin.wallet_text(w florin.wallets) returns text
language sql stable
as $$
	select format('{"user_id":%11$s,"balance":%1$s,"held":%2$s,"level":%9$s,'
		'"version":%5$s,"revision":%6$s,"total_granted":%3$s,'
		'"total_spent":%4$s,"total_recharged":%8$s,'
		'"first_recharged_at":%12$s,"frozen":%7$s,"updated_at":%10$s}',
		w.balance, w.held, w.total_granted, w.total_spent,
		w.version, w.revision,
		case when w.frozen then 'true' else 'false' end,
		w.total_recharged, w.level,
		to_json(w.updated_at), to_json(w.user_id),
		coalesce(to_json(w.first_recharged_at), 'null'))
$$;

create or replace function florin.transaction_text(
	t florin.credit_transactions)
returns text
language sql stable
as $$
	select format('{"id":%1$s,"user_id":%5$s,"kind":"%4$s","amount":%2$s,'
		'"balance_after":%3$s,"reason":%6$s,"reference":%7$s,"draws":%11$s,'
		'"actor":%8$s,"created_at":%9$s,"effective_at":%10$s}',
		t.seq, t.amount, t.balance_after,
		t.kind, to_json(t.user_id), coalesce(to_json(t.reason), 'null'),
		case when t.reference_type is null then 'null'
			else json_build_object(
				'type', t.reference_type, 'id', t.reference_id) end,
		to_json(t.actor), to_json(t.created_at), to_json(t.effective_at),
		t.draws)
$$;

-- The answer of an operation that wrote the ledger row t.
create or replace function florin.entry_text(
	t florin.credit_transactions, w florin.wallets)
returns text
language sql stable
as $$
	select concat('{"transaction":', florin.transaction_text(t),
		',"wallet":', florin.wallet_text(w), '}')
$$;

create or replace function florin.wallet_json(w florin.wallets) returns json
language sql stable
as $$ select florin.wallet_text(w)::json $$;

create or replace function florin.transaction_json(
	t florin.credit_transactions)
returns json
language sql stable
as $$ select florin.transaction_text(t)::json $$;

create or replace function florin.grant_json(g florin.grants) returns json
language sql stable
as $$
	select json_build_object(
		'id', g.id,
		'source', g.source,
		'amount', g.amount,
		'remaining', g.remaining,
		'priority', g.priority,
		'effective_at', g.effective_at,
		'expires_at', g.expires_at)
$$;

create or replace function florin.hold_json(h florin.holds) returns json
language sql stable
as $$
	select json_build_object(
		'id', h.id,
		'user_id', h.user_id,
		'amount', h.amount,
		'captured', h.captured,
		'status', h.status,
		'reason', h.reason,
		'created_by', h.created_by,
		'expires_at', h.expires_at,
		'transaction_id', h.transaction_id)
$$;

create or replace function florin.user_json(u florin.users) returns json
language sql stable
as $$
	select json_build_object(
		'user_id', u.user_id,
		'email', u.email,
		'display_name', u.display_name,
		'created_at', u.created_at)
$$;

create or replace function florin.stats_json(s florin.stats) returns json
language sql stable
as $$
	select json_build_object(
		'session_count', s.session_count,
		'session_seconds', s.session_seconds,
		'message_count', s.message_count,
		'task_count', s.task_count,
		'checkin_count', s.checkin_count,
		'action_count', s.action_count,
		'last_active_at', s.last_active_at)
$$;
