-- POST /api/credits/holds/{hold_id}/capture: keep what was drawn first, all
-- of it without an amount; the rest returns.
create or replace function florin_api.capture_hold(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	hold_id text, amount bigint)
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
	w := settle(w);
	before := w;
	h := expect_open_hold(user_id, hold_id);
	if amount > h.amount then
		perform refuse('capture_exceeds_hold');
	end if;

	call end_hold(w, h, t, 'captured', coalesce(amount, h.amount), caller,
		w.last_effective_at);
	w := save_wallet(w);

	perform log_operation(caller, user_id, 'capture_hold',
		wallet_facts(before), wallet_facts(w), null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		hold_answer(w, h, t));
end
$$;
