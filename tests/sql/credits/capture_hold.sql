-- florin_api.capture_hold: keeps what was drawn first, returns the rest; a
-- hold ends once.
select no_plan();

-- Grants: 1 registration 50, 2 and 3 of 10 that go first.
select t.register('ca-1');
select t.give('ca-1', 10, priority => 1), t.give('ca-1', 10, priority => 2);

-- A part.
select t.hold('ca-1', 25);
create temp table part as
	select * from florin_api.capture_hold('service:other', 'ca-1', 'k1',
		t.hash('a'), null, null, t.hold_id('ca-1'), 12);
select is(status, 200, '200') from part;
select is((body::jsonb -> 'hold') - 'id' - 'expires_at', '{
	"user_id": "ca-1", "amount": 25, "captured": 12, "status": "captured",
	"reason": "work", "created_by": "service:be", "transaction_id": 4}',
	'the hold: any service may capture it') from part;
select is((body::jsonb -> 'transaction') - 'created_at' - 'effective_at',
	jsonb_build_object('id', 5, 'user_id', 'ca-1', 'kind', 'release',
	'amount', 13, 'balance_after', 58, 'reason', null,
	'reference', jsonb_build_object('type', 'hold', 'id', t.hold_id('ca-1')),
	'draws', '[{"grant_id": 1, "source": "registration", "amount": 5},
	{"grant_id": 3, "source": "bonus", "amount": 8}]'::jsonb,
	'actor', 'service:other'), 'what was drawn last returns') from part;
select is((body::jsonb -> 'wallet') - 'updated_at', '{"user_id": "ca-1",
	"balance": 58, "held": 0, "level": 1, "version": 5, "revision": 5,
	"total_granted": 70, "total_spent": 12, "total_recharged": {},
	"first_recharged_at": null, "frozen": false}', 'the wallet') from part;
select t.all_well('ca-1');

-- It ends once; later tries are told how.
select results_eq($$select status, body, replayed
	from florin_api.capture_hold('service:other', 'ca-1', 'k1', t.hash('a'),
		null, null, t.hold_id('ca-1'), 12)$$,
	'select status, body, true from part', 'the same key: the first answer');
select t.refused(format('select t.%s(%L, %L)', verb, 'ca-1',
	t.hold_id('ca-1')), 'ca-1', 'hold_closed', jsonb_build_object('hold',
	(select body::jsonb -> 'hold' from part)), 'captured: no ' || verb)
	from unnest(array['capture', 'release']) verb;
select t.refused(format('select t.capture(%L, %L, 99)', 'ca-1',
	t.hold_id('ca-1')), 'ca-1', 'hold_closed', jsonb_build_object('hold',
	(select body::jsonb -> 'hold' from part)), 'closed comes before too much');
select t.refused(format('select t.capture(%L, %L, key => %L)', 'ca-1',
	t.hold_id('ca-1'), 'k1'), 'ca-1', 'hold_closed', jsonb_build_object(
	'hold', (select body::jsonb -> 'hold' from part)),
	'another service''s key');

-- The whole, without an amount and with it.
select t.hold('ca-1', 3);
create temp table whole as
	select t.capture('ca-1', t.hold_id('ca-1')) as b;
select is(b -> 'transaction', 'null', 'the whole: nothing returns')
	from whole;
select is(b #> '{hold,captured}', '3', 'all was captured') from whole;
select is((b -> 'wallet') - 'updated_at' - 'revision', '{"user_id": "ca-1",
	"balance": 55, "held": 0, "level": 1, "version": 6,
	"total_granted": 70, "total_spent": 15, "total_recharged": {},
	"first_recharged_at": null, "frozen": false}', 'no row, but spent')
	from whole;
select ok((b #>> '{wallet,revision}')::bigint > 6, 'and a new revision')
	from whole;
select t.hold('ca-1', 3);
select is(t.capture('ca-1', t.hold_id('ca-1'), 3) -> 'transaction', 'null',
	'the same with its amount');

-- Too much, nothing, nobody's.
select t.hold('ca-1', 7);
select t.refused(format('select t.capture(%L, %L, 8)', 'ca-1',
	t.hold_id('ca-1')), 'ca-1', 'capture_exceeds_hold');
select t.refused('select t.capture(''ca-1'', ''none'')', 'ca-1',
	'not_found');
select t.register('ca-2');
select t.refused(format('select t.capture(%L, %L)', 'ca-2',
	t.hold_id('ca-1')), 'ca-2', 'not_found', '{}', 'another user''s hold');
select t.refused('select t.capture(''ca-none'', ''none'')', 'ca-none',
	'user_not_found');

-- A frozen wallet's open hold can be captured.
update florin.wallets set frozen = true where user_id = 'ca-1';
select is(t.capture('ca-1', t.hold_id('ca-1'), 1) #> '{wallet,frozen}',
	'true', 'frozen');
update florin.wallets set frozen = false where user_id = 'ca-1';

-- What returns into a grant that has expired since is gone at once.
select t.register('ca-3');
select t.give('ca-3', 10, expires_at => t.now() + '1 h', priority => 1);
select t.hold('ca-3', 15, 86400);
select t.sleep('1 h');
create temp table late as
	select t.capture('ca-3', t.hold_id('ca-3'), 4) as b;
select is(t.ledger('ca-3', 3), '[["release", 11], ["expire", -6]]',
	'11 return, 6 of them to what has expired');
select is(b #> '{transaction,amount}', '11', 'the release is the answer')
	from late;
select is(b #> '{wallet,balance}', '50', 'the balance is without them')
	from late;
-- What was captured can be refunded: it lives refund_grace, once.
select is(t.draws(t.refund('ca-3', 3) -> 'transaction'), '[["refund", 4]]',
	'a service''s refund has its grace');

select t.hold('ca-1', 20);
select t.whole(format('select t.capture(%L, %L, 5, %L)', 'ca-1',
	t.hold_id('ca-1'), 'w'), 'ca-1', 5, 'capture_hold of a part');
select t.all_well(user_id) from florin.users where user_id like 'ca-%';
select finish();
