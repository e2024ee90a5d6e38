-- POST /api/admin/alerts/{alert_id}/resolve.
create or replace function florin_admin.resolve_alert(
	caller text, ip text, user_agent text, alert_id text, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from move_alert(alert_id, 'resolved', caller,
		'resolve_alert', reason, ip, user_agent)
$$;
