-- The shapes of the HTTP contract, as JSON text.
create or replace function florin.wallet_json(w florin.wallets) returns json
language sql stable
as $$
	select json_build_object(
		'user_id', w.user_id,
		'balance', w.balance,
		'held', w.held,
		'level', w.level,
		'version', w.version,
		'revision', w.revision,
		'total_granted', w.total_granted,
		'total_spent', w.total_spent,
		'total_recharged', w.total_recharged,
		'first_recharged_at', w.first_recharged_at,
		'frozen', w.frozen,
		'updated_at', w.updated_at)
$$;

create or replace function florin.transaction_json(
	t florin.credit_transactions)
returns json
language sql stable
as $$
	select json_build_object(
		'id', t.seq,
		'user_id', t.user_id,
		'kind', t.kind,
		'amount', t.amount,
		'balance_after', t.balance_after,
		'reason', t.reason,
		'reference', case when t.reference_type is not null then
			json_build_object(
				'type', t.reference_type, 'id', t.reference_id) end,
		'draws', t.draws,
		'actor', t.actor,
		'created_at', t.created_at,
		'effective_at', t.effective_at)
$$;

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
