-- Make a user with wallet, stats and first credits (none where an erased user
-- had its e-mail).  False if it exists (or is being made: then this waits for
-- the other to end).
create or replace function florin.create_user(
	uid text, new_email text, new_display_name text, caller text)
returns boolean
language plpgsql
as $$
declare
	moment constant timestamptz := florin.clock();
	credits constant bigint := case
		when florin.is_erased_email(new_email) then 0
		else florin.setting('registration_credits')::bigint end;
	w florin.wallets;
	t florin.credit_transactions;
begin
	insert into florin.users (user_id, email, display_name, created_at)
		values (uid, new_email, new_display_name, moment)
		on conflict do nothing;
	if not found then
		return false;
	end if;
	insert into florin.wallets
		(user_id, updated_at, last_effective_at, head_hash)
		values (uid, moment, moment, sha256(convert_to(uid, 'UTF8')))
		returning * into w;
	insert into florin.stats (user_id) values (uid);
	if credits > 0 then
		t.kind := 'registration';
		t.amount := credits;
		t.actor := caller;
		call florin.feed(w, t, 'registration', credits, null, null);
		call florin.post(w, t);
		w := florin.save_wallet(w);
	end if;
	return true;
end
$$;
