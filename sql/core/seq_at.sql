-- The last seq of a user's ledger whose effective_at is not after `moment`, 0
-- if none.  Times only rise along the ledger, so halving finds it.
create or replace function florin.seq_at(
	uid text, moment timestamptz)
returns bigint
language plpgsql stable
as $$
declare
	low bigint := 0;
	high bigint := (select version from florin.wallets where user_id = uid);
	middle bigint;
begin
	while low < high loop
		middle := (low + high + 1) / 2;
		if (select effective_at from florin.credit_transactions
				where user_id = uid and seq = middle) <= moment then
			low := middle;
		else
			high := middle - 1;
		end if;
	end loop;
	return coalesce(low, 0);
end
$$;
