-- Freeze a wallet, or end that.  One that is so already stays as it is.
create or replace function florin.set_frozen(
	uid text, new_frozen boolean, caller text, operation text, reason text,
	ip text, user_agent text)
returns florin.answer
language plpgsql
as $$
declare
	w florin.wallets := florin.lock_wallet(uid, caller);
	before florin.wallets;
begin
	w := florin.settle(w);
	before := w;
	if w.frozen <> new_frozen then
		w.frozen := new_frozen;
		w := florin.save_wallet(w);
		perform florin.log_wallet_operation(caller, operation, before, w,
			reason, ip, user_agent);
	end if;
	return (200, florin.user_record_json(uid)::text, false, null)
		::florin.answer;
end
$$;
