-- Shapes of what a user does.
create or replace function florin.checkin_json(c florin.daily_checkins)
returns json
language sql stable
as $$
	select json_build_object(
		'date', c.date,
		'streak', c.streak,
		'credits', c.credits,
		'transaction_id', c.transaction_id)
$$;

create or replace function florin.session_json(s florin.user_sessions)
returns json
language sql stable
as $$
	select json_build_object(
		'id', s.id,
		'user_id', s.user_id,
		'client', nullif(s.client, ''),
		'started_at', s.started_at,
		'last_message_at', s.last_message_at,
		'message_count', s.message_count)
$$;

create or replace function florin.session_record_json(
	r florin.session_records)
returns json
language sql stable
as $$
	select json_build_object(
		'id', r.id,
		'user_id', r.user_id,
		'client', nullif(r.client, ''),
		'started_at', r.started_at,
		'last_message_at', r.last_message_at,
		'message_count', r.message_count,
		'ended_at', r.ended_at,
		'duration_seconds', r.duration_seconds,
		'end_reason', r.end_reason)
$$;

create or replace function florin.action_json(r florin.user_action_records)
returns json
language sql stable
as $$
	select json_build_object(
		'id', r.id,
		'action_type', r.action_type,
		'target', r.target,
		'metadata', r.metadata,
		'created_at', r.created_at)
$$;

create or replace function florin.user_stats(uid text) returns json
language plpgsql stable
as $$
begin
	return (
		select florin.stats_json(s) from florin.stats s where s.user_id = uid);
end
$$;

create or replace function florin.task_json(k florin.tasks) returns json
language sql stable
as $$
	select json_build_object(
		'id', k.id,
		'user_id', k.user_id,
		'kind', k.kind,
		'status', k.status,
		'cost', k.cost,
		'input', k.input,
		'result', k.result,
		'error', k.error,
		'transaction_id', k.transaction_id,
		'refund_transaction_id', k.refund_transaction_id,
		'attempts', k.attempts,
		'created_at', k.created_at,
		'finished_at', k.finished_at)
$$;

-- What only the worker sees that has claimed it.
create or replace function florin.claim_json(k florin.tasks) returns jsonb
language sql stable
as $$
	select florin.task_json(k)::jsonb || jsonb_build_object(
		'claim_token', k.claim_token,
		'lease_expires_at', k.lease_expires_at)
$$;

-- The answer to whatever charged for a task or gave back.
create or replace function florin.task_answer(
	w florin.wallets, k florin.tasks, t florin.credit_transactions)
returns text
language sql stable
as $$
	select json_build_object(
		'task', florin.task_json(k),
		'transaction', case when t.seq is not null
			then florin.transaction_json(t) end,
		'wallet', florin.wallet_json(w))::text
$$;
