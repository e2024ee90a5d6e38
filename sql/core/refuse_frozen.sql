-- A frozen wallet refuses what takes credits, except to an admin.
create or replace function florin.refuse_frozen(
	w florin.wallets, caller text)
returns void
language plpgsql
as $$
begin
	if w.frozen and caller not like 'admin:%' then
		perform florin.refuse('wallet_frozen');
	end if;
end
$$;
