-- Shapes of the catalogue and of what admins read.
create or replace function florin.credit_source_json(s florin.credit_sources)
returns json
language sql stable
as $$
	select json_build_object(
		'source', s.source,
		'priority', s.priority,
		'category', s.category,
		'merge', s.merge,
		'grantable', s.grantable,
		'expires_after_days', s.expires_after_days)
$$;

create or replace function florin.task_price_json(p florin.task_prices)
returns json
language sql stable
as $$
	select json_build_object(
		'kind', p.kind,
		'cost', p.cost,
		'min_plan', p.min_plan)
$$;

create or replace function florin.action_type_json(a florin.action_types)
returns json
language sql stable
as $$
	select json_build_object(
		'action_type', a.action_type,
		'counters', a.counters)
$$;

create or replace function florin.feature_json(f florin.features)
returns json
language sql stable
as $$
	select json_build_object(
		'feature', f.feature,
		'kind', f.kind,
		'cost', f.cost,
		'upstream_url', f.upstream_url,
		'timeout_seconds', f.timeout_seconds,
		'min_plan', f.min_plan)
$$;

create or replace function florin.log_entry_json(
	l florin.admin_operation_logs)
returns json
language sql stable
as $$
	select json_build_object(
		'id', l.id,
		'operator', l.operator,
		'operation', l.operation,
		'user_id', nullif(l.user_id, ''),
		'before', l.before,
		'after', l.after,
		'reason', l.reason,
		'ip', l.ip,
		'user_agent', l.user_agent,
		'outcome', l.outcome,
		'created_at', l.created_at)
$$;

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
			) p), '[]'))
	from florin.users u
	join florin.wallets w on w.user_id = uid
	join florin.stats s on s.user_id = uid
	where u.user_id = uid
$$;
