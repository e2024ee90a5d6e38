-- Lock a user's wallet and read the clock, in this order.  In the row that
-- comes back last_effective_at is now: the moment of this operation.
create or replace function florin.lock_wallet(uid text, caller text)
returns florin.wallets
language plpgsql
as $$
declare
	w florin.wallets;
begin
	select * into w from florin.wallets where user_id = uid for update;
	if not found then
		perform florin.expect_user(uid, caller);
		select * into w from florin.wallets where user_id = uid for update;
	end if;
	w.last_effective_at := greatest(florin.clock(), w.last_effective_at);
	return w;
end
$$;

-- A user that is not there: registered at once where the site wants that and
-- the user itself asks, refused otherwise.
create or replace function florin.expect_user(uid text, caller text)
returns void
language plpgsql
as $$
begin
	if caller <> 'user' or florin.setting('auto_register') <> 'true' then
		perform florin.refuse('user_not_found');
	end if;
	perform florin.create_user(uid, null, null, caller);
end
$$;
