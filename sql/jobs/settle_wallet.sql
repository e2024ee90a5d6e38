-- Settle one user, in a transaction of its own.  False: nothing is due any
-- more, or somebody else is busy with it, who settles, too.
create or replace function florin_jobs.settle_wallet(user_id text)
returns boolean
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	return settle_user(user_id);
end
$$;
