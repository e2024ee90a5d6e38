-- A hold's expiry is an event of the wallet: it returns the credits at its
-- moment, whenever that is noticed, and at one moment it comes first.
select no_plan();

create temp table start as select t.now() as begun;
select t.register('he-1');
select t.hold('he-1', 20, 3600);
select t.sleep('59 min');
select is(t.balance('he-1'), 30::bigint, 'not before');
select t.sleep('3 h');
select is(t.balance('he-1'), 50::bigint, 'it returns');
select is((florin.transaction_json(l)::jsonb) - 'created_at'
	- 'effective_at', jsonb_build_object('id', 3, 'user_id', 'he-1',
	'kind', 'release', 'amount', 20, 'balance_after', 50, 'reason', null,
	'reference', jsonb_build_object('type', 'hold',
	'id', t.hold_id('he-1')), 'draws', '[{"grant_id": 1,
	"source": "registration", "amount": 20}]'::jsonb, 'actor', 'system'),
	'the row that time wrote')
	from florin.credit_transactions l where user_id = 'he-1' and seq = 3;
select is(l.effective_at, h.expires_at, 'as of its expiry')
	from florin.credit_transactions l, florin.holds h
	where l.user_id = 'he-1' and seq = 3 and h.user_id = 'he-1';
select ok(created_at > effective_at + '2 h'::interval, 'written later')
	from florin.credit_transactions where user_id = 'he-1' and seq = 3;
select is((status, captured, ended_at)::text, ('expired', 0, expires_at)::text,
	'the hold has expired') from florin.holds where user_id = 'he-1';
select is((held, total_spent, total_granted, next_due_at)::text,
	(0, 0, 50, null::timestamptz)::text, 'the wallet')
	from florin.wallets where user_id = 'he-1';
select t.refused(format('select t.%s(%L, %L)', verb, 'he-1',
	t.hold_id('he-1')), 'he-1', 'hold_closed', jsonb_build_object('hold',
	(select florin.hold_json(h)::jsonb from florin.holds h
	where user_id = 'he-1')), 'too late for ' || verb)
	from unnest(array['capture', 'release']) verb;

-- Late and unnoticed until somebody wants to capture it: it has expired.
select t.hold('he-1', 5, 60);
select t.sleep('1 min');
create temp table late as select t.fault(format('select t.capture(%L, %L)',
	'he-1', t.hold_id('he-1'))) as f;
select is(f ->> 'code', 'hold_closed', 'its time was over') from late;
select is(f #> '{extras,hold,status}', '"expired"', 'and how it ended')
	from late;
select is(t.balance('he-1'), 50::bigint, 'all is there');

-- [created_at, expires_at): the last microsecond and the moment itself.
begin;
select t.hold('he-1', 5, 86400);
update florin.wallets set last_effective_at = next_due_at - '1 us'::interval
	where user_id = 'he-1';
select is(t.capture('he-1', t.hold_id('he-1')) #>> '{hold,status}',
	'captured', 'a microsecond before its expiry');
rollback;
begin;
select t.hold('he-1', 5, 86400);
update florin.wallets set last_effective_at = next_due_at
	where user_id = 'he-1';
select is(t.fault(format('select t.capture(%L, %L)', 'he-1',
	t.hold_id('he-1'))) ->> 'code', 'hold_closed', 'at its expiry');
rollback;

-- A hold that ends before its grant returns to it, even if that is noticed
-- when the grant has gone too.
select t.register('he-2');
select t.give('he-2', 10, expires_at => t.now() + '2 h', priority => 1);
select t.hold('he-2', 6, 3600);
select t.sleep('5 h');
select is(t.balance('he-2'), 50::bigint, 'both are over');
select results_eq($$select kind, amount, effective_at
	from florin.credit_transactions where user_id = 'he-2' and seq > 3
	order by seq$$, $$select kind, amount, at from (values
	(1, 'release', 6::bigint, (select expires_at from florin.holds
		where user_id = 'he-2')),
	(2, 'expire', -10, (select expires_at from florin.grants
		where user_id = 'he-2' and id = 2))) v (place, kind, amount, at)
	order by place$$, 'each as of its own moment');

-- A hold that ends after its grant: released, then expired at once.
select t.register('he-3');
select t.give('he-3', 10, expires_at => t.now() + '1 h', priority => 1);
select t.hold('he-3', 6, 7200);
select t.sleep('5 h');
select is(t.balance('he-3'), 50::bigint, 'nothing kept');
select results_eq($$select kind, amount, effective_at
	from florin.credit_transactions where user_id = 'he-3' and seq > 3
	order by seq$$, $$select kind, amount, at from (values
	(1, 'expire', -4::bigint, (select expires_at from florin.grants
		where user_id = 'he-3' and id = 2)),
	(2, 'release', 6, (select expires_at from florin.holds
		where user_id = 'he-3')),
	(3, 'expire', -6, (select expires_at from florin.holds
		where user_id = 'he-3'))) v (place, kind, amount, at)
	order by place$$, 'each as of its own moment');

-- At one moment: the hold first, then the grant; nothing is kept.
select t.register('he-4');
select t.give('he-4', 20, priority => 1);
select t.hold('he-4', 15, 3600);
update florin.grants g set expires_at = h.expires_at
	from florin.holds h
	where g.user_id = 'he-4' and g.id = 2 and h.user_id = 'he-4';
select t.sleep('1 h');
select is(t.balance('he-4'), 50::bigint, 'at one moment');
select is(t.ledger('he-4', 3), '[["release", 15], ["expire", -20]]',
	'the hold ends first');

-- Many, in order of time, and what was due is found through what ended.
select t.register('he-5');
select t.hold('he-5', n, 60 * n) from generate_series(1, 5) n;
select t.release('he-5', id) from florin.holds
	where user_id = 'he-5' and amount = 1;
create temp table before as select revision from florin.wallets
	where user_id = 'he-5';
select t.sleep('61 s');
select is(t.balance('he-5'), 36::bigint, 'released before');
select is(revision, (select revision from before),
	'nothing happened: no new revision') from florin.wallets
	where user_id = 'he-5';
select is(next_due_at, (select min(expires_at) from florin.holds
	where user_id = 'he-5' and status = 'open'), 'the next is due')
	from florin.wallets where user_id = 'he-5';
select t.sleep('1 h');
select is(t.balance('he-5'), 50::bigint, 'all are over');
select is(t.ledger('he-5', 7), '[["release", 2], ["release", 3],
	["release", 4], ["release", 5]]', 'in order of time');

select t.hold('he-5', 9, 60), t.hold('he-5', 8, 60);
select t.sleep('1 h');
select t.whole($$select t.consume('he-5', 1)$$, 'he-5', 8,
	'an operation that ends two holds first');
select t.all_well(user_id) from florin.users where user_id like 'he-%';
select finish();
