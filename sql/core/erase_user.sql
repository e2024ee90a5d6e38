-- `florinctl erase`: what can name a person goes; amounts, times and the
-- ledger's hashes stay.  Again it changes nothing.
create or replace function florin.erase_user(
	uid text, caller text, user_agent text)
returns void
language plpgsql
as $$
declare
	w florin.wallets := florin.lock_wallet(uid, caller);
begin
	call florin.settle(w);
	update florin.users set email = null, display_name = null
		where user_id = uid;
	update florin.credit_transactions set reason = null
		where user_id = uid and reason is not null;
	update florin.holds set reason = null where user_id = uid;
	update florin.tasks set input = null, result = null, error = null
		where user_id = uid;
	update florin.feature_answers set body = null where user_id = uid;
	update florin.user_sessions set metadata = null where user_id = uid;
	update florin.session_records set metadata = null where user_id = uid;
	update florin.user_action_records set target = null, metadata = null
		where user_id = uid;
	update florin.payment_refunds set reason = null where user_id = uid;
	update florin.payment_notices set raw = null where owner = uid;
	-- Answers hold what was asked; a repeat is told that it was done.
	update florin.idempotency_keys set body = null where user_id = uid;
	-- Of a refused operation `after` is what was asked.
	update florin.admin_operation_logs l set reason = null, ip = null,
			user_agent = null,
			after = case when l.outcome = 'done' then l.after end
		where l.user_id = uid;
	call florin.save_wallet(w);
	perform florin.log_operation(caller, uid, 'erase_user', null, null, null,
		null, user_agent);
end
$$;
