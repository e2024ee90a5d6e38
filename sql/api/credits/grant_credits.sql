-- POST /api/credits/grant: give credits from a grantable source.
create or replace function florin_api.grant_credits(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	amount bigint, source text, reason text, expires_at timestamptz,
	priority bigint)
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
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	if not exists (select from credit_sources s
			where s.source = grant_credits.source and s.grantable) then
		perform refuse('unknown_source');
	end if;
	if expires_at <= w.last_effective_at then
		perform refuse_field('expires_at', 'range', 'must be in the future');
	end if;
	before := w;

	t.kind := 'grant';
	t.amount := amount;
	t.reason := reason;
	t.actor := caller;
	call feed(w, t, source, amount, expires_at, priority::integer);
	call post(w, t);
	w := save_wallet(w);

	perform log_wallet_operation(caller, 'grant_credits', before, w, reason, ip,
		user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		entry_text(t, w));
end
$$;
