-- Before one user is read: apply what is due.  Locks only if something is.
create or replace function florin.touch(uid text, caller text) returns void
language plpgsql
as $$
declare
	due timestamptz;
	w florin.wallets;
begin
	select next_due_at into due from florin.wallets where user_id = uid;
	if not found then
		perform florin.expect_user(uid, caller);
	elsif due <= florin.clock() then
		w := florin.lock_wallet(uid, caller);
		w := florin.settle(w);
	end if;
end
$$;
