-- What the hot tables guarantee, by domains instead of CHECKs: a statement
-- that writes to a table parses and plans each of its CHECKs anew, those of a
-- domain are kept for the session and looked at only where a column is set.
-- They were a fifth of what a consume costs.  What compares two columns
-- (remaining and amount, remaining and live, type and id of a reference) is
-- proven by florin.check_user; who writes asks where it could break: post for
-- a row's amount, return_part for what comes back.
--
-- And the tables of a user refer to users, whose row nobody changes, instead
-- of wallets, where each change of the row is compared for each of them.

-- Dropped here, made anew with the functions.
drop view if exists florin.user_membership_status cascade;

create domain florin.credits as bigint
	check (value between 0 and 9007199254740991);

alter table florin.wallets
	drop constraint wallets_balance_check,
	drop constraint wallets_held_check,
	drop constraint wallets_total_granted_check,
	drop constraint wallets_total_spent_check,
	alter column balance type florin.credits,
	alter column held type florin.credits,
	alter column total_granted type florin.credits,
	alter column total_spent type florin.credits;

alter table florin.grants
	drop constraint grants_amount_check,
	drop constraint grants_check,
	drop constraint grants_check1,
	drop constraint grants_priority_check,
	drop constraint grants_expired_check,
	alter column amount type florin.credits,
	alter column remaining type florin.credits,
	alter column expired type florin.credits;

alter table florin.credit_transactions
	drop constraint credit_transactions_amount_check,
	drop constraint credit_transactions_balance_after_check,
	drop constraint credit_transactions_check,
	alter column balance_after type florin.credits;

do $$
declare
	k record;
begin
	for k in
		select conrelid::regclass as name, conname from pg_constraint
		where contype = 'f' and confrelid = 'florin.wallets'::regclass
	loop
		execute format('alter table %s drop constraint %I,'
			' add foreign key (user_id) references florin.users',
			k.name, k.conname);
	end loop;
end
$$;
