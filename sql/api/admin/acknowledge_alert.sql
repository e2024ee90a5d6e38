-- POST /api/admin/alerts/{alert_id}/acknowledge.
create or replace function florin_admin.acknowledge_alert(
	caller text, ip text, user_agent text, alert_id text, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from move_alert(alert_id, 'acknowledged', caller,
		'acknowledge_alert', reason, ip, user_agent)
$$;
