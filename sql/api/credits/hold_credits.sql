-- POST /api/credits/holds: set credits aside for work that is not finished.
create or replace function florin_api.hold_credits(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	amount bigint, reason text, ttl_seconds bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	t credit_transactions;
	h holds;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	call settle(w);
	perform refuse_frozen(w, caller);
	before := w;

	t.kind := 'hold';
	t.amount := -amount;
	t.reason := reason;
	t.reference_type := 'hold';
	t.reference_id := new_id(w.last_effective_at);
	t.actor := caller;
	call draw(w, t, amount);
	call post(w, t);
	h := make_hold(w, t, coalesce(make_interval(secs => ttl_seconds),
		setting('hold_ttl')::interval));
	w.held := w.held + h.amount;
	w.next_due_at := least(w.next_due_at, h.expires_at);
	call save_wallet(w);

	perform log_operation(caller, user_id, 'hold_credits',
		wallet_facts(before), wallet_facts(w), reason, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 201,
		json_build_object('hold', hold_json(h),
			'transaction', transaction_json(t),
			'wallet', wallet_json(w))::text);
end
$$;
