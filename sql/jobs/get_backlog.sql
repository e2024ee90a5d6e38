-- How many wallets wait to be settled, and since when the first one.
create or replace function florin_jobs.get_backlog(
	out wallets bigint, out overdue_seconds bigint)
language sql stable security definer
set search_path = florin, pg_temp
as $$
	select count(*), coalesce(ceil(extract(epoch from
		clock() - min(w.next_due_at)))::bigint, 0)
	from wallets w where w.next_due_at <= (select clock())
$$;
