-- POST /api/codes/redeem: what a code gives, once.  The row of the code is
-- taken after the wallet: of many at once one finds it free.
create or replace function florin_api.redeem_code(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	code text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	t credit_transactions;
	a answer;
	c codes;
	period_id text;
	member_before jsonb;
	given json;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;
	update codes k set redeemed_by = w.user_id,
			redeemed_at = w.last_effective_at
		where k.code_hash = code_hash(code) and k.redeemed_by is null
			and (k.expires_at is null or k.expires_at > w.last_effective_at)
		returning * into c;
	if not found then
		perform refuse('code_used') from codes k
			where k.code_hash = code_hash(code) and k.redeemed_by is not null;
		perform refuse('unknown_code');
	end if;

	if c.credits is not null then
		t.kind := 'code';
		t.amount := c.credits;
		t.reference_type := 'code';
		t.reference_id := c.id;
		t.actor := caller;
		call feed(w, t, 'code', c.credits, null, null);
		call post(w, t);
	else
		member_before := membership_facts(w.user_id);
		call add_period(w, c.plan, c.period, null, null, caller, period_id);
		update memberships m set status = 'active'
			where m.user_id = w.user_id;
	end if;
	w := save_wallet(w);
	insert into code_redemptions (user_id, code_id, credits, transaction_id,
			plan, period, period_id, created_at)
		values (w.user_id, c.id, c.credits, t.seq, c.plan, c.period,
			period_id, w.last_effective_at);

	if c.credits is not null then
		given := json_build_object('transaction', transaction_json(t),
			'wallet', wallet_json(w));
		perform log_wallet_operation(caller, 'redeem_code', before, w, null,
			ip, user_agent);
	else
		given := json_build_object('membership', membership_json(w.user_id),
			'wallet', wallet_json(w));
		perform log_membership(caller, w.user_id, 'redeem_code',
			member_before, null, ip, user_agent);
	end if;
	return answer(w, caller, idempotency_key, request_hash, 200, given::text);
end
$$;
