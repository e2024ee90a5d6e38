-- florin_admin.update_package.
select no_plan();
create function pg_temp.make(amount bigint, days bigint,
	min_plan text default null, id text default 'pk.one')
returns jsonb language sql as $$
	select body::jsonb from florin_admin.create_package('admin:root',
		'192.0.2.1', 'curl', id, 'Title', 100, 10, 0, amount, 'XTS',
		days,
		min_plan, false,
		'why not')
$$;
create function pg_temp.change(amount bigint, days bigint,
	min_plan text default null, id text default 'pk.one')
returns jsonb language sql as $$
	select body::jsonb from florin_admin.update_package('admin:root',
		'192.0.2.1', 'curl', id, 'Title', 100, 10, 0, amount, 'XTS',
		days,
		min_plan, false,
		'why not')
$$;
select pg_temp.make(900, 30);
select is(pg_temp.change(950, 0), '{"package_id": "pk.one", "title": "Title",
	"credits": 100,
	"bonus_credits": 10, "member_bonus_credits": 0, "amount": 950,
	"currency": "XTS", "expires_after_days": null, "min_plan": null,
	"available": false}', 'changed');
select is(pg_temp.change(950, null) -> 'expires_after_days', 'null', 'again');
select t.refused($$select pg_temp.change(900, 30, id => 'no-such')$$, '',
	'not_found');
select t.refused($$select pg_temp.change(900, 30, 'none')$$, '',
	'unknown_plan');
select results_eq($$select before -> 'amount', after -> 'amount'
	from florin.admin_operation_logs where operation = 'update_package'$$,
	$$values ('900'::jsonb, '950'::jsonb)$$, 'logged once');
select t.whole('select pg_temp.change(960, 5)', '', 2, 'update_package');
delete from florin.credit_packages where package_id ~ '^pk\.';
select finish();
