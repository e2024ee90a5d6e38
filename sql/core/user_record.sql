-- Everything about one settled user; of what has no end the newest, more is
-- in the lists.
create or replace function florin.user_record_json(uid text) returns json
language sql stable
as $$
	select json_build_object(
		'user', florin.user_json(u),
		'wallet', florin.wallet_json(w),
		'membership', florin.membership_json(uid),
		'stats', florin.stats_json(s),
		'grants', coalesce((select json_agg(florin.grant_json(g) order by g.id)
			from florin.grants g where g.user_id = uid and g.live), '[]'),
		'holds', coalesce((select json_agg(florin.hold_json(h) order by h.id)
			from florin.holds h
			where h.user_id = uid and h.status = 'open'), '[]'),
		'transactions', coalesce((
			select json_agg(florin.transaction_json(t) order by t.seq desc)
			from florin.credit_transactions t
			where t.user_id = uid and t.seq > w.version - 50), '[]'),
		'operations', coalesce((
			select json_agg(florin.log_entry_json(p.l) order by (p.l).id desc)
			from (
				select l from florin.admin_operation_logs l
				where l.user_id = uid order by l.id desc limit 50
			) p), '[]'),
		'orders', coalesce((
			select json_agg(florin.order_json(p.o, florin.clock())
				order by (p.o).id desc)
			from (
				select o from florin.payment_orders o
				where o.user_id = uid order by o.id desc limit 20
			) p), '[]'),
		'tasks', coalesce((
			select json_agg(florin.task_json(p.k) order by (p.k).id desc)
			from (
				select k from florin.tasks k
				where k.user_id = uid order by k.id desc limit 20
			) p), '[]'),
		'sessions', coalesce((
			select json_agg(florin.session_json(p.o) order by (p.o).id desc)
			from (
				select o from florin.user_sessions o
				where o.user_id = uid order by o.id desc limit 20
			) p), '[]'),
		'session_records', coalesce((
			select json_agg(florin.session_record_json(p.r)
				order by (p.r).id desc)
			from (
				select r from florin.session_records r
				where r.user_id = uid order by r.id desc limit 20
			) p), '[]'),
		'checkins', coalesce((
			select json_agg(florin.checkin_json(p.c) order by (p.c).date desc)
			from (
				select c from florin.daily_checkins c
				where c.user_id = uid order by c.date desc limit 31
			) p), '[]'),
		'actions', coalesce((
			select json_agg(florin.action_json(p.a) order by (p.a).id desc)
			from (
				select a from florin.user_action_records a
				where a.user_id = uid order by a.id desc limit 20
			) p), '[]'),
		'alerts', coalesce((
			select json_agg(florin.alert_json(p.a) order by (p.a).id desc)
			from (
				select a from florin.alerts a
				where a.user_id = uid order by a.id desc limit 20
			) p), '[]'))
	from florin.users u
	join florin.wallets w on w.user_id = uid
	join florin.stats s on s.user_id = uid
	where u.user_id = uid
$$;
