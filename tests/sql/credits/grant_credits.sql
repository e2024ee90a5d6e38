-- florin_api.grant_credits: sources, expiry, priority, merging, limits.
select no_plan();

select t.register('gr-1');
create temp table first as
	select * from florin_api.grant_credits('service:be', 'gr-1', 'k1',
		t.hash('a'), null, null, 70, 'bonus', 'welcome', null, null);
create temp table answer as select body::jsonb as b from first;
select is(status, 200, '200') from first;
select is((b -> 'transaction') - 'created_at' - 'effective_at', '{"id": 2,
	"user_id": "gr-1", "kind": "grant", "amount": 70, "balance_after": 120,
	"reason": "welcome", "reference": null, "draws": [
	{"grant_id": 2, "source": "bonus", "amount": 70}],
	"actor": "service:be"}', 'the ledger row') from answer;
select is(b #> '{wallet,total_granted}', '120', 'total_granted') from answer;
select results_eq($$select replayed, body from florin_api.grant_credits(
	'service:be', 'gr-1', 'k1', t.hash('a'), null, null, 70, 'bonus', 'x',
	null, null)$$, 'select true, body from first', 'a replay');
select t.refused($$select florin_api.grant_credits('service:be', 'gr-1', 'k1',
	t.hash('b'), null, null, 70, 'bonus', 'x', null, null)$$, 'gr-1',
	'idempotency_key_reused');
select t.refused($$select t.give('gr-none', 1)$$, 'gr-none',
	'user_not_found');

-- Sources: exactly those that are marked.
select is(array(select source from florin.credit_sources where grantable
	order by 1), array['bonus', 'compensation', 'referral'],
	'the grantable sources');
select t.refused(format('select t.give(%L, 1, %L)', 'gr-1', s), 'gr-1',
	'unknown_source', '{}', 'not grantable: ' || s)
	from (select source from florin.credit_sources where not grantable
		union all select 'nonsense') as x (s);

-- Expiry and priority.
select is(t.field_fault(format($$select t.give('gr-1', 1, expires_at => %L)$$,
	t.now() - '1 us'::interval)),
	'{"field": "expires_at", "code": "range"}', 'an expiry in the past');
select t.give('gr-1', 5, expires_at => t.now() + '1 h', priority => 0);
select t.give('gr-1', 6, priority => 100);
select results_eq($$select amount::bigint, priority, category,
	expires_at is not null, merged from florin.grants
	where user_id = 'gr-1' and id > 2 order by id$$,
	$$values (5::bigint, 0, 'promotional', true, false),
		(6, 100, 'promotional', false, false)$$, 'as asked');
select is((select next_due_at from florin.wallets where user_id = 'gr-1'),
	(select expires_at from florin.grants where user_id = 'gr-1' and id = 3),
	'the wallet knows when it is due');

-- Merging: a source that merges has one grant for each priority.
select t.register('gr-m');
select t.give('gr-m', 1, 'compensation') from generate_series(1, 365);
select t.give('gr-m', 2, 'compensation', priority => 5);
select t.give('gr-m', 3, 'compensation', t.now() + '1 h');
select t.give('gr-m', 4, 'compensation', priority => 5);
select t.give('gr-m', 5), t.give('gr-m', 6);
select results_eq($$select source, priority, amount::bigint, remaining::bigint,
	merged
	from florin.grants where user_id = 'gr-m' order by id$$,
	$$values ('registration', 20, 50::bigint, 50::bigint, true),
		('compensation', 20, 365, 365, true),
		('compensation', 5, 6, 6, true),
		('compensation', 20, 3, 3, false),
		('bonus', 20, 5, 5, false), ('bonus', 20, 6, 6, false)$$,
	'365 gifts are one grant');
select t.consume('gr-m', t.balance('gr-m'));
select t.give('gr-m', 7, 'compensation');
select results_eq($$select amount::bigint, remaining::bigint, live
	from florin.grants
	where user_id = 'gr-m' and id = 2$$,
	$$values (372::bigint, 7::bigint, true)$$, 'a spent grant lives again');
select t.all_well('gr-m');

-- A source's own days.
begin;
update florin.credit_sources set expires_after_days = 30
	where source = 'referral';
select t.give('gr-1', 1, 'referral');
select is(expires_at, effective_at + '30 d'::interval, 'expires_after_days')
	from florin.grants where user_id = 'gr-1' and source = 'referral';
select t.give('gr-1', 1, 'referral', t.now() + '1 h');
select is((select max(expires_at) < t.now() + '2 h' from florin.grants
	where user_id = 'gr-1' and source = 'referral' and id = 6), true,
	'unless the caller says when');
rollback;

-- The limit, for balance and totals.
select t.register('gr-l');
select t.refused($$select t.give('gr-l', 9007199254740991)$$, 'gr-l',
	'balance_limit');
select t.refused($$select t.give('gr-l', 9007199254740992 - 50)$$, 'gr-l',
	'balance_limit');
select is(t.give('gr-l', 9007199254740991 - 50) #> '{wallet,balance}',
	'9007199254740991', 'a balance of 2^53 - 1');
select t.consume('gr-l', 1000);
select t.refused($$select t.give('gr-l', 1)$$, 'gr-l', 'balance_limit',
	'{}', 'total_granted has the same limit');
select t.register('gr-l2');
select t.give('gr-l2', 10, 'compensation');
select t.refused($$select t.give('gr-l2', 9007199254740991 - 50,
	'compensation')$$, 'gr-l2', 'balance_limit', '{}',
	'also where grants merge');
select t.refused($$select t.give('gr-l2', 9007199254740991,
	'compensation')$$, 'gr-l2', 'balance_limit', '{}',
	'and would themselves pass it');

update florin.wallets set frozen = true where user_id = 'gr-1';
select is(t.give('gr-1', 1) #> '{transaction,amount}', '1',
	'money in goes on when frozen');
update florin.wallets set frozen = false where user_id = 'gr-1';

select t.give('gr-1', 1, caller => 'admin:root');
select results_eq($$select operator, operation, reason
	from florin.admin_operation_logs where user_id = 'gr-1'$$,
	$$values ('admin:root', 'grant_credits', 'a gift')$$, 'logged');
select t.whole($$select florin_api.grant_credits('admin:x', 'gr-1', 'kw',
	t.hash('a'), null, null, 1, 'bonus', 'x', null, null)$$, 'gr-1', 5,
	'grant_credits');
select t.all_well(u) from unnest(array['gr-1', 'gr-l', 'gr-l2']) u;
select finish();
