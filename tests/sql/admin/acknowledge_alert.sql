-- florin_admin.acknowledge_alert.
select no_plan();
select t.register('aa-1');
select t.raise_alert('aa-1');
select is(t.move_alert('aa-1', 'acknowledge') ->> 'status',
	'acknowledged', 'done');
select is(row(operation, before ->> 'status', after ->> 'status', reason,
	ip, user_agent)::text,
	'(acknowledge_alert,open,acknowledged,"a look",192.0.2.1,curl)', 'logged')
	from florin.admin_operation_logs where user_id = 'aa-1';
create temp table once as select t.picture('aa-1') as p;
select is(t.move_alert('aa-1', 'acknowledge') ->> 'status',
	'acknowledged', 'again');
select is(t.picture('aa-1'), p, 'writes nothing') from once;
select t.raise_alert('aa-1');
select is(count(*), 1::bigint, 'what goes on is the same alert')
	from florin.alerts where user_id = 'aa-1';
select t.refused($$select t.move_alert('aa-1', 'acknowledge',
	repeat('0', 26))$$,
	'aa-1', 'not_found');
select finish();
