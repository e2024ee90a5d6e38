-- POST /api/rewrite, /api/features/{feature}: charge before the upstream is
-- asked.  The lease outlives the upstream's time, so that a worker that dies
-- is settled; the time beside it is the database's.
create or replace function florin_api.begin_feature(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	feature text, content_type text, body_hash text, claim_token text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	f features;
	k tasks;
	t credit_transactions;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	w := settle(w);
	if a.status is not null then
		return feature_again(w, expect_task(user_id,
			a.body::jsonb ->> 'task_id'), claim_token);
	end if;
	select * into f from features c
		where c.feature = begin_feature.feature;
	if not found then
		perform refuse('unknown_feature');
	end if;
	perform refuse_frozen(w, caller);
	perform require_plan(user_id, f.min_plan);

	k.kind := f.kind;
	k.feature := f.feature;
	k.cost := f.cost;
	k.status := 'running';
	k.attempts := 1;
	k.max_attempts := 1;
	k.worker := 'feature';
	k.claim_token := claim_token;
	k.lease_expires_at := w.last_effective_at
		+ make_interval(secs => f.timeout_seconds + 30);
	call make_task(w, k, t, caller);
	w.next_due_at := least(w.next_due_at, k.lease_expires_at);
	w := save_wallet(w);

	perform answer(w, caller, idempotency_key, request_hash, 201,
		json_build_object('task_id', k.id)::text);
	return feature_begun(w, k, f);
end
$$;
