-- florin_api.record_refusal: a refused operation of an admin leaves a trace.
select no_plan();
select t.register('rr-1');
select is((select row(status, body)::text
	from florin_api.record_refusal('admin:root', 'rr-1', '192.0.2.1', 'curl',
	'adjust_credits', '{"amount": -999}', 'a try', 'insufficient_credits')),
	'(204,)', '204');
select results_eq($$select operator, operation, before, after, reason, ip,
	user_agent, outcome from florin.admin_operation_logs
	where user_id = 'rr-1'$$,
	$$values ('admin:root', 'adjust_credits', null::jsonb,
	'{"amount": -999}'::jsonb, 'a try', '192.0.2.1', 'curl',
	'insufficient_credits')$$, 'who wanted what, and why not');
select florin_api.record_refusal('service:be', 'rr-1', null, null, 'x', '{}',
	null, 'forbidden');
select is((select count(*) from florin.admin_operation_logs
	where user_id = 'rr-1'), 1::bigint, 'other callers leave none');
select florin_api.record_refusal('admin:root', null, null, null, 'x', '{}',
	null, 'invalid_request');
select is((select count(*) from florin.admin_operation_logs
	where user_id = '' and operation = 'x'
		and outcome = 'invalid_request'), 1::bigint,
	'without a user: of the site');
select t.all_well('rr-1');
select finish();
