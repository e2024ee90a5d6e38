-- Users to whom something is due, most of them the most overdue, in an order
-- of its own for each asker: several hosts at once take different ones.
-- `skip` passes over the first, which could not be settled.  The clock is a
-- subquery so that the index stops at it: it is volatile.
create or replace function florin_jobs.due_wallets(
	"limit" bigint, skip bigint)
returns setof text
language sql stable security definer
set search_path = florin, pg_temp
as $$
	select d.user_id
	from (
		select w.user_id from wallets w
		where w.next_due_at <= (select clock())
		order by w.next_due_at offset skip limit "limit" * 16
	) d
	order by random()
	limit "limit"
$$;
