-- POST /api/payments/orders/{order_id}/refund: money went back to the payer,
-- whole or in part; the credits that it bought go, too.  Moves credits only.
create or replace function florin_api.refund_order(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	order_id text, amount bigint, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	o payment_orders;
	t credit_transactions;
	a answer;
	missing bigint;
	refundable bigint;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;
	o := lock_order(user_id, order_id);
	refundable := case when o.paid_at is null then 0
		else o.amount - o.refunded_amount end;
	amount := coalesce(amount, refundable);
	if amount = 0 or amount > refundable
			or (o.plan is not null and amount <> o.amount) then
		perform refuse('order_not_refundable',
			jsonb_build_object('refundable', refundable));
	end if;

	insert into payment_refunds (user_id, order_id, reference, kind, amount,
			reason, actor, created_at)
		values (user_id, order_id, new_id(w.last_effective_at), 'refund',
			amount, reason, caller, w.last_effective_at);
	t.reason := reason;
	t.actor := caller;
	call refund_payment(w, o, t, missing);
	if w.version > before.version or o.plan is not null then
		w := save_wallet(w);
	end if;

	perform log_operation(caller, user_id, 'refund_order',
		wallet_facts(before), wallet_facts(w), reason, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('order', order_json(o, w.last_effective_at),
			'transaction', case when t.seq is not null
				then transaction_json(t) end,
			'shortfall', missing,
			'wallet', wallet_json(w))::text);
end
$$;
