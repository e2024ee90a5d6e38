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
	if w.next_due_at <= w.last_effective_at then
		w := settle(w);
	end if;
	if w.frozen then
		perform refuse_frozen(w, caller);
	end if;
	before := w;

	t.kind := 'hold';
	t.amount := -amount;
	t.reason := reason;
	t.reference_type := 'hold';
	t.reference_id := new_id(w.last_effective_at);
	t.actor := caller;
	t.draws := draw(w, amount);
	call post(w, t);
	h := make_hold(w, t, coalesce(make_interval(secs => ttl_seconds),
		setting('hold_ttl')::interval));
	w.held := w.held + h.amount;
	w.next_due_at := least(w.next_due_at, h.expires_at);
	w := save_wallet(w);

	if caller like 'admin:%' then
		perform log_wallet_operation(caller, 'hold_credits', before, w, reason,
			ip, user_agent);
	end if;
	return answer(w, caller, idempotency_key, request_hash, 201,
		concat('{"hold":', hold_json(h), ',"transaction":',
			transaction_text(t), ',"wallet":', wallet_text(w), '}'));
end
$$;
