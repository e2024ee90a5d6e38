-- POST /api/payments/orders/{order_id}/complete: the site's own back end says
-- that an order was paid.  The same payment again is answered as it was.
create or replace function florin_api.complete_order(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	order_id text, provider_reference text, amount bigint, currency text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	o payment_orders;
	a answer;
	verdict text;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	o := lock_order(user_id, order_id);

	call complete_payment(w, o, row(o.provider, array[provider_reference],
		null, amount, currency)::payment, caller, verdict);
	if verdict in ('payment_mismatch', 'order_closed') then
		-- The alert must outlive the refusal.
		return refusal(verdict, case verdict when 'order_closed'
			then jsonb_build_object('order',
				order_json(o, w.last_effective_at))
			else '{}' end);
	elsif verdict = 'completed' then
		call apply_waiting(w, o, caller);
	end if;
	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object('order', order_json(o, w.last_effective_at),
			'transactions', order_transactions(o),
			'wallet', wallet_json(w))::text);
end
$$;
