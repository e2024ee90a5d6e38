-- POST /api/admin/credits/reset: apply what time has brought to one user, as
-- any touch does.  `transaction` is the reset that came due just now, null if
-- none was.
create or replace function florin_admin.check_and_reset_user_credits(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	before := w;
	w := settle(w);
	perform log_operation(caller, user_id, 'check_and_reset_user_credits',
		wallet_facts(before), wallet_facts(w), reason, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		json_build_object(
			'transaction', (select transaction_json(t)
				from credit_transactions t
				where t.user_id = w.user_id and t.seq > before.version
					and t.kind = 'reset'
				order by t.seq desc limit 1),
			'wallet', wallet_json(w))::text);
end
$$;
