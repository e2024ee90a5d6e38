-- Move an alert on: open, acknowledged, resolved.  It never goes back: one that
-- is there already, or further, stays as it is.
create or replace function florin.move_alert(
	alert_id text, new_status text, caller text, operation text, reason text,
	ip text, user_agent text)
returns florin.answer
language plpgsql
as $$
declare
	a florin.alerts;
	before jsonb;
begin
	select * into a from florin.alerts l where l.id = alert_id for update;
	if not found then
		perform florin.refuse('not_found');
	end if;
	if a.status = 'open'
			or a.status = 'acknowledged' and new_status = 'resolved' then
		before := florin.alert_json(a);
		a.status := new_status;
		update florin.alerts l set status = a.status
			where l.user_id = a.user_id and l.id = a.id;
		perform florin.log_operation(caller, a.user_id, operation, before,
			florin.alert_json(a)::jsonb, reason, ip, user_agent);
	end if;
	return (200, florin.alert_json(a)::text, false, null)::florin.answer;
end
$$;
