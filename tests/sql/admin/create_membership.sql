-- Plans added as a paid order adds them: now, behind, or in between.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('cm-1');

select is(t.add_member('cm-1', 'lite', 'yearly') - 'upcoming',
	'{"plan": "lite", "period": "yearly", "status": "active",
	"monthly_credits": 100, "started_at": "2027-03-10T12:00:00+00:00",
	"expires_at": "2028-03-10T12:00:00+00:00",
	"next_reset_at": "2027-04-01T00:00:00+00:00"}', 'the first begins now');
select is(reference_type, 'membership', 'its row names the period')
	from florin.credit_transactions where user_id = 'cm-1' and seq = 2;
select results_eq($$select portion, credits, given_at
	from florin.yearly_member_credits where user_id = 'cm-1'
	order by portion$$,
	$$select n, 100::bigint, case n when 1 then florin.clock() end
	from generate_series(1, 12) n$$, 'twelve portions, one given');

-- Two portions on, pro for a month, and premium inside of it.
select t.stop('2027-05-20'), t.add_member('cm-1', 'pro');
select is(t.open_grants('cm-1') ->> 'membership', '250',
	'pro gives what it has above this month''s quota');
select t.stop('2027-05-25'), t.add_member('cm-1', 'premium');
select is(t.open_grants('cm-1') ->> 'membership', '600', 'and premium');
select is(t.membership('cm-1') -> 'upcoming', '[
	{"plan": "pro", "period": "monthly",
	"starts_at": "2027-06-25T00:00:00+00:00",
	"ends_at": "2027-07-21T00:00:00+00:00"},
	{"plan": "lite", "period": "yearly",
	"starts_at": "2027-07-21T00:00:00+00:00",
	"ends_at": "2028-05-11T12:00:00+00:00"}]',
	'interrupted remainders follow, the last one first, to the second');
select t.add_member('cm-1', 'premium'), t.add_member('cm-1', 'lite');
select is(jsonb_path_query_array(t.membership('cm-1'),
	'$.upcoming[2 to 3].starts_at'),
	'["2028-05-11T12:00:00+00:00", "2028-06-11T12:00:00+00:00"]',
	'the same plan and a lower one go behind all');
select t.stop('2027-07-21'), t.membership('cm-1');
select is(t.ledger('cm-1', 8), '[["expire", -100], ["expire", -150],
	["expire", -350], ["reset", 600], ["expire", -600], ["reset", 250]]',
	'a lower plan gives nothing before the reset');
select is(count(given_at), 3::bigint, 'while interrupted, portions pause')
	from florin.yearly_member_credits where user_id = 'cm-1';
select t.stop('2028-05-11 11:59'), t.membership('cm-1');
select is(count(given_at), 12::bigint, 'and twelve they are at the end')
	from florin.yearly_member_credits where user_id = 'cm-1';
select is(count(*), 2::bigint, 'June''s reset was premium''s, July''s pro''s')
	from florin.credit_transactions
	where user_id = 'cm-1' and kind = 'reset' and amount > 100;
select t.all_well('cm-1');

-- After a gap the month's quota comes again, and with the terms of then.
select t.stop('2027-03-10 12:00'), t.register('cm-2'), t.add_member('cm-2'),
	t.end_member('cm-2'), t.set_setting('reset_anchor', '"anniversary"');
select is(t.add_member('cm-2') ->> 'expires_at', '2027-04-10T12:00:00+00:00',
	'after a gap a new membership');
select is(t.ledger('cm-2', 1), '[["membership", 100], ["expire", -100],
	["membership", 100]]', 'gives its quota at once');

-- Twice, at once, half-way.
select t.register('cm-3');
select is(t.add_member('cm-3', 'pro', key => 'k'),
	t.add_member('cm-3', 'pro', key => 'k'), 'a key makes it once');
select is(t.version('cm-3'), 2::bigint, 'once');
select t.refused($$select t.add_member('cm-3', 'gold')$$, 'cm-3',
	'unknown_plan');
select t.refused($$select t.add_member('cm-none')$$, 'cm-none',
	'user_not_found');
select t.adjust('cm-3', 9007199254740991 - 301);
select t.refused($$select t.add_member('cm-3', 'premium')$$, 'cm-3',
	'balance_limit');
select t.register('cm-4'), t.add_member('cm-4', 'pro');
select t.whole($$select t.add_member('cm-4', 'premium', 'yearly', 'w')$$,
	'cm-4', 9, 'an upgrade');
select results_eq($$select operator, operation, reason, before ->> 'status',
	after ->> 'plan' from florin.admin_operation_logs
	where user_id = 'cm-3' and operation = 'create_membership'$$,
	$$values ('admin:root', 'create_membership', 'a present', 'none',
	'pro')$$, 'is logged');
select t.all_well(u) from unnest(array['cm-2', 'cm-3']) u;
select finish();
rollback;
