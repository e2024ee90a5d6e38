-- POST /api/credits/holds/{hold_id}/release: all of it returns.  A user may
-- release only a hold that it made itself: one that a service placed is the
-- service's.
create or replace function florin_api.release_hold(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	hold_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	t credit_transactions;
	h holds;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;
	if caller = 'user' and exists (
			select from holds f where f.user_id = release_hold.user_id
				and f.id = hold_id and f.created_by <> 'user') then
		perform refuse('forbidden', '{}',
			'a user may release only its own holds');
	end if;
	h := expect_open_hold(user_id, hold_id);

	call end_hold(w, h, t, 'released', 0, caller, w.last_effective_at);
	w := save_wallet(w);

	perform log_operation(caller, user_id, 'release_hold',
		wallet_facts(before), wallet_facts(w), null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		hold_answer(w, h, t));
end
$$;
