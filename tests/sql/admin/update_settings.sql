-- florin_admin.update_settings: new values, checked.
select no_plan();
create function pg_temp.patch(changes jsonb) returns jsonb
language sql as $$
	select body::jsonb from florin_admin.update_settings('admin:root',
		'192.0.2.1', 'curl', changes, 'why not')
$$;
create function pg_temp.faults(changes jsonb) returns jsonb
language sql as $$
	select jsonb_agg(jsonb_build_array(e -> 'field', e -> 'code'))
	from jsonb_array_elements(t.fault(
		format('select pg_temp.patch(%L)', changes)) #> '{extras,errors}') e
$$;

select is(pg_temp.patch('{"streak_days": 5, "burn_order": "balance_first",
	"hold_ttl": "1 h"}') #> '{streak_days,value}', '5', 'a change is shown');
select is(florin.setting('hold_ttl'), '1 h', 'and in force');
select results_eq($$select user_id, operator, operation, before, after, reason,
	ip, user_agent, outcome from florin.admin_operation_logs
	where operation = 'update_settings'$$, $$values ('', 'admin:root',
	'update_settings', '{"streak_days": 7, "burn_order": "expiring_first",
	"hold_ttl": "15 min"}'::jsonb, '{"streak_days": 5,
	"burn_order": "balance_first", "hold_ttl": "1 h"}'::jsonb, 'why not',
	'192.0.2.1', 'curl', 'done')$$, 'logged with before and after');
select pg_temp.patch('{"streak_days": 5}');
select is(count(*), 1::bigint, 'the same again is no change')
	from florin.admin_operation_logs where operation = 'update_settings';

select is(pg_temp.faults(c), f, c::text) from (values
	('{"streak_days": 0}'::jsonb, '[["streak_days", "range"]]'::jsonb),
	('{"streak_days": 367}', '[["streak_days", "range"]]'),
	('{"streak_days": "5"}', '[["streak_days", "type"]]'),
	('{"streak_days": true}', '[["streak_days", "type"]]'),
	('{"auto_register": 1}', '[["auto_register", "type"]]'),
	('{"burn_order": "any"}', '[["burn_order", "choice"]]'),
	('{"burn_order": ["balance_first"]}', '[["burn_order", "type"]]'),
	('{"hold_ttl": "soon"}', '[["hold_ttl", "format"]]'),
	('{"hold_ttl": ""}', '[["hold_ttl", "format"]]'),
	('{"hold_ttl": "-1 h"}', '[["hold_ttl", "range"]]'),
	('{"hold_ttl": "25 h"}', '[["hold_ttl", "range"]]'),
	('{"hold_ttl": "0 s"}', '[["hold_ttl", "range"]]'),
	('{"hold_ttl": 900}', '[["hold_ttl", "type"]]'),
	('{"refund_grace": "1000000 d"}', '[["refund_grace", "range"]]'),
	('{"timezone": "UTC"}', '[["timezone", "unknown"]]'),
	('{"colour": 1, "streak_days": 0}',
		'[["colour", "unknown"], ["streak_days", "range"]]')) as x (c, f);
select t.refused($$select pg_temp.patch('{"streak_days": 6,
	"streak_bonus": -1}')$$, '', 'invalid_request',
	'{"errors": [{"field": "streak_bonus", "code": "range",
	"detail": "must be 0 to 9007199254740991"}]}', 'all or none');
select t.whole($$select pg_temp.patch('{"streak_days": 9}')$$, '', 2,
	'update_settings');
select pg_temp.patch('{"streak_days": 7, "burn_order": "expiring_first",
	"hold_ttl": "15 min"}');
select finish();
