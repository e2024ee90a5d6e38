-- POST /api/credits/refund: return a consume, whole or in part, never more
-- than it took in sum.
create or replace function florin_api.refund_credits(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	transaction_id bigint, amount bigint, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	consumed credit_transactions;
	t credit_transactions;
	a answer;
	returned bigint;
	lost jsonb;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	call settle(w);
	before := w;
	select * into consumed from credit_transactions l
		where l.user_id = refund_credits.user_id and l.seq = transaction_id;
	if not found then
		perform refuse('not_found');
	elsif consumed.kind <> 'consume' then
		perform refuse('not_refundable');
	end if;
	returned := refunded(consumed);
	amount := coalesce(amount, -consumed.amount - returned);
	if amount = 0 or returned + amount > -consumed.amount then
		perform refuse('refund_exceeds_transaction', jsonb_build_object(
			'refundable', -consumed.amount - returned));
	end if;

	t.kind := 'refund';
	t.amount := amount;
	t.reason := reason;
	t.reference_type := 'transaction';
	t.reference_id := transaction_id::text;
	t.actor := caller;
	call give_back(w, t, consumed, returned, amount, true, lost);
	call post(w, t);
	call lose_returned(w, lost);
	call save_wallet(w);

	perform log_wallet_operation(caller, 'refund_credits', before, w, reason,
		ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('transaction', transaction_json(t),
			'wallet', wallet_json(w))::text);
end
$$;
