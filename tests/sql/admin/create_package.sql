-- florin_admin.create_package.
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
select is(pg_temp.make(900, 30), '{"package_id": "pk.one", "title": "Title",
	"credits": 100,
	"bonus_credits": 10, "member_bonus_credits": 0, "amount": 900,
	"currency": "XTS", "expires_after_days": 30, "min_plan": null,
	"available": false}', 'made');
select is(pg_temp.make(900, 30) -> 'amount', '900', 'again');
select t.refused('select pg_temp.make(901, 30)', '', 'already_done');
select t.refused($$select pg_temp.make(900, 30, 'none')$$, '',
	'unknown_plan');
select is(count(*), 1::bigint, 'logged once')
	from florin.admin_operation_logs where operation = 'create_package'
		and reason = 'why not' and ip = '192.0.2.1' and before is null;
select t.whole($$select pg_temp.make(900, 30, id => 'pk.two')$$, '', 2,
	'create_package');
delete from florin.credit_packages where package_id ~ '^pk\.';
select finish();
