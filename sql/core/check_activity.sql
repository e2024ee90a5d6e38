-- The invariants of what a user does (part of florin.check_user).
create or replace function florin.check_activity(uid text)
returns table (invariant text, detail text)
language sql stable
as $$
	with ledger as (
		select t.* from florin.credit_transactions t where t.user_id = uid
	), checkin as (
		select c.* from florin.daily_checkins c where c.user_id = uid
	)
	select 'checkin', format('%s: %s credits, its rows gave %s', c.date,
		c.credits, r.amount)
	from checkin c, lateral (
		select coalesce(sum(t.amount), 0) as amount, count(*) as rows
		from ledger t
		where t.seq in (c.transaction_id, c.bonus_transaction_id)
			and t.kind = case t.seq when c.transaction_id then 'checkin'
				else 'checkin_bonus' end
			and t.reference_type = 'checkin'
			and t.reference_id = to_char(c.date, 'YYYY-MM-DD')) r
	where r.amount <> c.credits
		or r.rows <> num_nonnulls(c.transaction_id, c.bonus_transaction_id)
	union all
	select 'checkin', format('seq %s has no check-in', t.seq)
	from ledger t
	where t.kind in ('checkin', 'checkin_bonus') and not exists (
		select from checkin c
		where t.seq in (c.transaction_id, c.bonus_transaction_id))
$$;
