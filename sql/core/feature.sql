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
		'extras', json_build_object(
			'refunded', true,
			'transaction', (
				select florin.transaction_json(t)
				from florin.credit_transactions t
				where t.user_id = k.user_id
					and t.seq = k.refund_transaction_id)))::text,
		false, null::bigint
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
	a florin.feature_answers;
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
	select * into a from florin.feature_answers
		where user_id = k.user_id and task_id = k.id;
	return (200, case when a.body is not null then json_build_object(
			'balance', w.balance,
			'stored', json_build_object(
				'status', a.status,
				'content_type', a.content_type,
				'body', encode(a.body, 'hex')))
		else json_build_object(
			'balance', w.balance,
			'task', florin.task_json(k)) end::text,
		true, null)::florin.answer;
end
$$;
