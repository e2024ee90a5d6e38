-- POST /api/admin/credits/adjust: an admin's signed change.  Below 0: 402,
-- nothing taken.
create or replace function florin_admin.adjust_credits(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	amount bigint, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	t credit_transactions;
	a answer;
begin
	if amount = 0 then
		perform refuse_field('amount', 'range', 'must not be 0');
	end if;
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;

	t.kind := 'adjust';
	t.amount := amount;
	t.reason := reason;
	t.actor := caller;
	if amount > 0 then
		call feed(w, t, 'adjust', amount, null, null);
	else
		t.draws := draw(w, -amount);
	end if;
	call post(w, t);
	w := save_wallet(w);

	perform log_wallet_operation(caller, 'adjust_credits', before, w, reason,
		ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		entry_text(t, w));
end
$$;
