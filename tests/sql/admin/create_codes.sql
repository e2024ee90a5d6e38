-- florin_admin.create_codes: codes, shown once.
select no_plan();
create function pg_temp.codes(count bigint, credits bigint default null,
	plan text default null, period text default null,
	expires_at timestamptz default null)
returns jsonb language sql as $$
	select body::jsonb -> 'codes' from florin_admin.create_codes('admin:root',
		'192.0.2.1', 'curl', count, credits, plan, period, expires_at,
		'a campaign')
$$;
create temp table made as
	select code from jsonb_array_elements_text(pg_temp.codes(500, 20)) code;
select is(count(distinct code), 500::bigint, 'all are different') from made;
select is_empty($$select code from made where code !~
	'^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$'$$,
	'four groups of four, none like another letter');
select is(count(*), 500::bigint, 'kept by their hashes')
	from made join florin.codes c on c.code_hash = florin.code_hash(code);
select is_empty($$select code from made, florin.codes c
	where strpos(to_jsonb(c)::text, code) > 0$$, 'and nowhere in clear');
select results_eq($$select after, reason, ip from florin.admin_operation_logs
	where operation = 'create_codes' and reason = 'a campaign'$$,
	$$values ('{"count": 500, "credits": 20}'::jsonb, 'a campaign',
	'192.0.2.1')$$, 'the log does not tell them');
select is(jsonb_array_length(pg_temp.codes(2, plan => 'pro',
	period => 'yearly', expires_at => t.now() + '1 d')), 2, 'for a plan');
select is(florin.code_hash('ab12-cd34'), florin.code_hash('AB12 CD34'),
	'as people write them');

select is(t.field_fault($$select pg_temp.codes(1)$$),
	'{"field": "credits", "code": "required"}', 'neither');
select is(t.field_fault($$select pg_temp.codes(1, 5, 'pro', 'monthly')$$),
	'{"field": "credits", "code": "required"}', 'both');
select is(t.field_fault($$select pg_temp.codes(1, 5, null, 'monthly')$$),
	'{"field": "plan", "code": "required"}', 'a period of nothing');
select is(t.field_fault($$select pg_temp.codes(1, null, 'pro')$$),
	'{"field": "period", "code": "required"}', 'a plan for how long?');
select is(t.field_fault($$select pg_temp.codes(1, 5,
	expires_at => t.now())$$), '{"field": "expires_at", "code": "range"}',
	'over already');
select t.refused($$select pg_temp.codes(1, null, 'none', 'monthly')$$, '',
	'unknown_plan');
select t.whole('select pg_temp.codes(3, 5)', '', 2, 'create_codes');
select finish();
