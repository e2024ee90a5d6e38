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
