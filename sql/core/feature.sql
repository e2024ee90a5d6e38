-- Metered features: a task whose worker is the request itself.  The functions
-- below answer the worker, which makes of it what the client gets.

-- What the worker is told of a task that failed: for 502 upstream_failed.
create or replace function florin.feature_failed(
	w florin.wallets, k florin.tasks)
returns florin.answer
language sql stable
as $$
	select 502, json_build_object(
		'balance', w.balance,
		'extras', florin.feature_refund(k),
		'stored', florin.feature_answer(k))::text,
		false, null::bigint
$$;

-- What its problem says beside the common members.
create or replace function florin.feature_refund(k florin.tasks)
returns json
language plpgsql stable
as $$
begin
	return (
		select json_build_object(
			'refunded', true,
			'transaction', (
				select florin.transaction_json(t)
				from florin.credit_transactions t
				where t.user_id = k.user_id
					and t.seq = k.refund_transaction_id)));
end
$$;

-- The first answer, as far as it was kept; null if it was not.
create or replace function florin.feature_answer(k florin.tasks)
returns json
language plpgsql stable
as $$
begin
	return (
		select json_build_object(
			'status', a.status,
			'content_type', a.content_type,
			'body', encode(a.body, 'hex'))
		from florin.feature_answers a
		where a.user_id = k.user_id and a.task_id = k.id
			and a.body is not null);
end
$$;

-- What it needs to ask the upstream.
create or replace function florin.feature_begun(
	w florin.wallets, k florin.tasks, f florin.features)
returns florin.answer
language sql stable
as $$
	select 201, json_build_object(
		'task_id', k.id,
		'upstream_url', f.upstream_url,
		'timeout_seconds', f.timeout_seconds,
		'balance', w.balance)::text,
		false, null::bigint
$$;

-- The same key again: of a task that runs 409 (but its own worker, which is
-- in doubt whether it has begun, goes on), of one that is over what came of
-- it, as far as that is kept.
create or replace function florin.feature_again(
	w florin.wallets, k florin.tasks, token text)
returns florin.answer
language plpgsql
as $$
declare
	f florin.features;
	stored json;
begin
	if k.status = 'running' then
		select * into f from florin.features where feature = k.feature;
		if k.claim_token is distinct from token or f.feature is null then
			perform florin.refuse('in_progress');
		end if;
		return florin.feature_begun(w, k, f);
	elsif k.status <> 'succeeded' then
		return florin.feature_failed(w, k);
	end if;
	stored := florin.feature_answer(k);
	return (200, json_build_object('balance', w.balance,
			case when stored is null then 'task' else 'stored' end,
			coalesce(stored, florin.task_json(k)))::text,
		true, null)::florin.answer;
end
$$;
