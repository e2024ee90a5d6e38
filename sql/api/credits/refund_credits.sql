-- POST /api/credits/refund: return a consume or what was captured of a hold,
-- whole or in part, never more than it spent in sum.
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
	taken credit_transactions;
	t credit_transactions;
	a answer;
	spent bigint;
	returned bigint;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;
	select * into taken from credit_transactions l
		where l.user_id = refund_credits.user_id and l.seq = transaction_id;
	if not found then
		perform refuse('not_found');
	end if;
	spent := spent_by(taken);
	if spent is null then
		perform refuse('not_refundable');
	end if;
	returned := refunded(taken);
	amount := coalesce(amount, spent - returned);
	if amount = 0 or returned + amount > spent then
		perform refuse('refund_exceeds_transaction', jsonb_build_object(
			'refundable', spent - returned));
	end if;

	t.kind := 'refund';
	t.amount := amount;
	t.reason := reason;
	t.reference_type := 'transaction';
	t.reference_id := transaction_id::text;
	t.actor := caller;
	-- What a capture did not keep came back when it was made.
	call return_credits(w, t, taken, returned - taken.amount - spent, true);
	w := save_wallet(w);

	perform log_wallet_operation(caller, 'refund_credits', before, w, reason,
		ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		entry_text(t, w));
end
$$;
