-- Apply what is due to one user, if nobody else is busy with it: true if this
-- settled something.  For the jobs: whoever asks for the user settles, too.
create or replace function florin.settle_user(uid text) returns boolean
language plpgsql
as $$
declare
	w florin.wallets;
begin
	select * into w from florin.wallets
		where user_id = uid for update skip locked;
	if not found then
		return false;
	end if;
	w.last_effective_at := greatest(florin.clock(), w.last_effective_at);
	if w.next_due_at is null or w.next_due_at > w.last_effective_at then
		return false;
	end if;
	w := florin.settle(w);
	return true;
end
$$;
