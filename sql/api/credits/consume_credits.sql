-- POST /api/credits/consume: take credits in burn order.
create or replace function florin_api.consume_credits(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	amount bigint, reason text, reference_type text, reference_id text)
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
	if reference_type is not null or reference_id is not null then
		perform check_reference(reference_type, reference_id);
	end if;
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

	t.kind := 'consume';
	t.amount := -amount;
	t.reason := reason;
	t.reference_type := reference_type;
	t.reference_id := reference_id;
	t.actor := caller;
	t.draws := draw(w, amount);
	t := make_row(w, t);
	insert into credit_transactions select t.*;
	w := save_wallet(carry(w, t));

	if caller like 'admin:%' then
		perform log_wallet_operation(caller, 'consume_credits', before, w,
			reason, ip, user_agent);
	end if;
	return answer(w, caller, idempotency_key, request_hash, 200,
		entry_text(t, w));
end
$$;
