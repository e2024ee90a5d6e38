-- florin_api.release_hold: all returns to the grants it was drawn from.
select no_plan();

select t.register('re-1');
select t.give('re-1', 10, priority => 1);
select t.hold('re-1', 25);
create temp table first as
	select * from florin_api.release_hold('service:be', 're-1', 'k1',
		t.hash('a'), null, null, t.hold_id('re-1'));
select is(status, 200, '200') from first;
select is((body::jsonb -> 'hold') - 'id' - 'expires_at', '{
	"user_id": "re-1", "amount": 25, "captured": 0, "status": "released",
	"reason": "work", "created_by": "service:be", "transaction_id": 3}',
	'the hold') from first;
select is((body::jsonb -> 'transaction') - 'created_at' - 'effective_at',
	jsonb_build_object('id', 4, 'user_id', 're-1', 'kind', 'release',
	'amount', 25, 'balance_after', 60, 'reason', null,
	'reference', jsonb_build_object('type', 'hold', 'id', t.hold_id('re-1')),
	'draws', '[{"grant_id": 1, "source": "registration", "amount": 15},
	{"grant_id": 2, "source": "bonus", "amount": 10}]'::jsonb,
	'actor', 'service:be'), 'the ledger row') from first;
select is((body::jsonb -> 'wallet') - 'updated_at', '{"user_id": "re-1",
	"balance": 60, "held": 0, "level": 1, "version": 4, "revision": 4,
	"total_granted": 60, "total_spent": 0, "total_recharged": {},
	"first_recharged_at": null, "frozen": false}', 'the wallet') from first;
select results_eq($$select status, body, replayed
	from florin_api.release_hold('service:be', 're-1', 'k1', t.hash('a'),
		null, null, t.hold_id('re-1'))$$,
	'select status, body, true from first', 'the same key: the first answer');
select t.refused(format('select t.%s(%L, %L)', verb, 're-1',
	t.hold_id('re-1')), 're-1', 'hold_closed', jsonb_build_object('hold',
	(select body::jsonb -> 'hold' from first)), 'released: no ' || verb)
	from unnest(array['capture', 'release']) verb;

-- Whose: a user releases what it made itself, the site anything.
select t.hold('re-1', 1);
select t.refused(format('select t.release(%L, %L, caller => %L)', 're-1',
	t.hold_id('re-1'), 'user'), 're-1', 'forbidden', '{}',
	'a service''s hold is not the user''s to release');
select is(t.release('re-1', t.hold_id('re-1'), caller => 'admin:root')
	#>> '{transaction,actor}', 'admin:root', 'an admin may');
select t.refused(format('select t.release(%L, %L, caller => %L)', 're-1',
	t.hold_id('re-1'), 'user'), 're-1', 'forbidden', '{}',
	'not even one that has ended');
select t.hold('re-1', 1, caller => 'user');
select is(t.release('re-1', t.hold_id('re-1'), caller => 'user')
	#>> '{hold,status}', 'released', 'the user its own');
select t.hold('re-1', 1, caller => 'user');
select is(t.release('re-1', t.hold_id('re-1'), caller => 'service:x')
	#>> '{hold,created_by}', 'user', 'a service the user''s');
select t.register('re-2');
select t.refused(format('select t.release(%L, %L, caller => %L)', 're-2',
	t.hold_id('re-1'), c), 're-2', 'not_found', '{}',
	'another user''s hold: ' || c) from unnest(array['user', 'service:be']) c;
select t.refused('select t.release(''re-none'', ''none'')', 're-none',
	'user_not_found');

-- A frozen wallet's holds can be released.
select t.hold('re-1', 5, caller => 'user');
update florin.wallets set frozen = true where user_id = 're-1';
select is(t.release('re-1', t.hold_id('re-1'), caller => 'user')
	#> '{wallet,held}', '0', 'frozen');

-- No way to keep credits past their expiry: released after it, they expire.
select t.register('re-3');
select t.give('re-3', 10, expires_at => t.now() + '1 h', priority => 1);
select t.hold('re-3', 6, 86400), t.hold('re-3', 3, 86400);
create temp table two as select id from florin.holds
	where user_id = 're-3' order by transaction_id;
select t.sleep('1 h');
select is(t.balance('re-3'), 50::bigint, 'what was not held has expired');
select is(t.release('re-3', id) #> '{wallet,balance}', '50', 'nothing kept')
	from two;
select is(t.ledger('re-3', 4), '[["expire", -1], ["release", 6],
	["expire", -6], ["release", 3], ["expire", -3]]',
	'released, then expired, each time');

select t.hold('re-3', 20);
select t.whole(format('select t.release(%L, %L, %L)', 're-3',
	t.hold_id('re-3'), 'w'), 're-3', 5, 'release_hold');
select t.all_well(user_id) from florin.users where user_id like 're-%';
select finish();
