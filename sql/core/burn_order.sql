-- The grants of a user from which something can be taken, in burn order.
-- (One statement in SQL: it becomes part of the query that names it.)
create or replace function florin.burn_order(uid text)
returns setof florin.grants
language sql stable
as $$
	select * from florin.grants
	where user_id = uid and live
	order by (category = 'membership' and
			florin.setting('burn_order') = 'balance_first'),
		priority, expires_at nulls last, category = 'paid', id
$$;
