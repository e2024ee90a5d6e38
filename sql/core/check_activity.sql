-- The invariants of what a user does (part of florin.check_user).
create or replace function florin.check_activity(uid text)
returns table (invariant text, detail text)
language sql stable
as $$
	with ledger as (
		select t.* from florin.credit_transactions t where t.user_id = uid
	), checkin as (
		select c.* from florin.daily_checkins c where c.user_id = uid
	), task as (
		select k.* from florin.tasks k where k.user_id = uid
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
	union all
	select 'task', format('%s cost %s, took %s', k.id, k.cost, -t.amount)
	from task k
	left join ledger t on t.seq = k.transaction_id and t.kind = 'consume'
		and t.reference_type = 'task' and t.reference_id = k.id
	where coalesce(-t.amount, 0) <> k.cost
	union all
	select 'task', format('seq %s has no task', t.seq)
	from ledger t
	where t.reference_type = 'task' and not exists (
		select from task k where k.transaction_id = t.seq)
	union all
	select 'task', format('%s is %s, cost %s, returned %s', k.id, k.status,
		k.cost, r.amount)
	from task k, lateral (
		select coalesce(sum(t.amount), 0) as amount from ledger t
		where t.kind = 'refund' and t.reference_type = 'transaction'
			and t.reference_id = k.transaction_id::text) r
	where k.status in ('failed', 'cancelled') and r.amount <> k.cost
	union all
	select 'task', format('%s names no refund of its own', k.id)
	from task k
	where k.refund_transaction_id is not null and not exists (
		select from ledger t
		where t.seq = k.refund_transaction_id and t.kind = 'refund'
			and t.reference_id = k.transaction_id::text)
	union all
	select 'task', format('%s is past its lease', k.id)
	from task k, florin.wallets w
	where w.user_id = uid and k.lease_expires_at <= w.updated_at
	union all
	select 'session', format('%s is open and over', s.id)
	from florin.user_sessions s
	join florin.session_records r on r.user_id = uid and r.id = s.id
	where s.user_id = uid
	union all
	-- Counters may move otherwise, too (action types, an import): never less.
	select 'stats', format('%s less than there are', c.name)
	from florin.stats s, lateral (values
		('checkin_count', s.checkin_count - (select count(*) from checkin)),
		('task_count', s.task_count - (select count(*) from task)),
		('session_count', s.session_count
			- (select count(*) from florin.user_sessions o
				where o.user_id = uid)
			- (select count(*) from florin.session_records r
				where r.user_id = uid)),
		('session_seconds', s.session_seconds
			- (select coalesce(sum(r.duration_seconds), 0)
				from florin.session_records r where r.user_id = uid)),
		('message_count', s.message_count
			- (select coalesce(sum(o.message_count), 0)
				from florin.user_sessions o where o.user_id = uid)
			- (select coalesce(sum(r.message_count), 0)
				from florin.session_records r where r.user_id = uid))
		) c (name, difference)
	where s.user_id = uid and c.difference < 0
$$;
