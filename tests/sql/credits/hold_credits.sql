-- florin_api.hold_credits: sets credits aside; what is held is not in the
-- balance and not yet spent.
select no_plan();

select t.register('hd-1');
select t.give('hd-1', 10, priority => 1);
create temp table first as
	select * from florin_api.hold_credits('service:be', 'hd-1', 'k1',
		t.hash('a'), null, null, 25, E'für 1 Bild \u2713', null);
create temp table answer as select body::jsonb as b from first;
select is(status, 201, '201') from first;
select is((b -> 'hold') - 'id' - 'expires_at', '{"user_id": "hd-1",
	"amount": 25, "captured": 0, "status": "open",
	"reason": "für 1 Bild ✓", "created_by": "service:be",
	"transaction_id": 3}', 'the hold') from answer;
select matches(b #>> '{hold,id}', '^[0-9a-z]{26}$', 'its id') from answer;
select is((b -> 'transaction') - 'created_at' - 'effective_at'
	- 'reference', '{"id": 3, "user_id": "hd-1", "kind": "hold",
	"amount": -25, "balance_after": 35, "reason": "für 1 Bild ✓", "draws": [
	{"grant_id": 2, "source": "bonus", "amount": 10},
	{"grant_id": 1, "source": "registration", "amount": 15}],
	"actor": "service:be"}', 'the ledger row, drawn in burn order')
	from answer;
select is(b #> '{transaction,reference}', jsonb_build_object('type', 'hold',
	'id', b #> '{hold,id}'), 'it names the hold') from answer;
select is((b -> 'wallet') - 'updated_at', '{"user_id": "hd-1", "balance": 35,
	"held": 25, "level": 1, "version": 3, "revision": 3,
	"total_granted": 60, "total_spent": 0, "total_recharged": {},
	"first_recharged_at": null, "frozen": false}', 'the wallet') from answer;
select is((b #>> '{hold,expires_at}')::timestamptz
	- (b #>> '{transaction,created_at}')::timestamptz, '15 min'::interval,
	'it lives hold_ttl') from answer;
select t.all_well('hd-1');

-- The key.
select results_eq($$select status, body, replayed
	from florin_api.hold_credits('service:be', 'hd-1', 'k1', t.hash('a'),
		null, null, 25, 'x', null)$$, 'select status, body, true from first',
	'the same key: the first answer');
select t.refused($$select t.hold('hd-1', 25, key => 'k1')$$, 'hd-1',
	'idempotency_key_reused');

-- How long.
select t.set_setting('hold_ttl', '"2 h"');
select is(expires_at - created_at, l, 'lives ' || l) from (
	values (t.hold('hd-1', 1), '2 h'::interval),
		(t.hold('hd-1', 1, 1), '1 s'), (t.hold('hd-1', 1, 86400), '1 d'))
	v (b, l), florin.holds where id = b #>> '{hold,id}';
select t.set_setting('hold_ttl', '"15 min"');
select is(next_due_at, (select min(expires_at) from florin.holds
	where user_id = 'hd-1'), 'the wallet knows when it is due')
	from florin.wallets where user_id = 'hd-1';

-- Too little: what is held cannot be spent or held again.
select t.refused('select t.hold(''hd-1'', 33)', 'hd-1',
	'insufficient_credits', '{"balance": 32, "required": 33, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}');
select t.refused('select t.consume(''hd-1'', 33)', 'hd-1',
	'insufficient_credits', '{"balance": 32, "required": 33, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}',
	'what is held cannot be spent');
select is(t.hold('hd-1', 32) #> '{wallet,balance}', '0', 'all that is left');

-- Frozen.
select t.register('hd-2');
update florin.wallets set frozen = true where user_id = 'hd-2';
select t.refused(format('select t.hold(%L, 1, caller => %L)', 'hd-2', c),
	'hd-2', 'wallet_frozen', '{}', 'frozen for ' || c)
	from unnest(array['user', 'service:be']) c;
select is(t.hold('hd-2', 1, caller => 'admin:root') #>> '{hold,created_by}',
	'admin:root', 'an admin may do all');
select is((select jsonb_build_array(operator, operation, before, after)
	from florin.admin_operation_logs where user_id = 'hd-2'),
	'["admin:root", "hold_credits",
	{"balance": 50, "held": 0, "frozen": true, "version": 1},
	{"balance": 49, "held": 1, "frozen": true, "version": 2}]',
	'and is recorded');
select t.refused('select t.hold(''hd-none'', 1)', 'hd-none',
	'user_not_found');

-- Refunds: only what a capture kept, from its front.
select t.register('hd-3');
select t.give('hd-3', 10, priority => 1), t.give('hd-3', 10, priority => 2);
select t.hold('hd-3', 25);
select t.refused('select t.refund(''hd-3'', 4)', 'hd-3', 'not_refundable',
	'{}', 'an open hold');
create temp table part as
	select t.capture('hd-3', t.hold_id('hd-3'), 17) as b;
select t.refused('select t.refund(''hd-3'', 5)', 'hd-3', 'not_refundable',
	'{}', 'its release row');
select t.refused('select t.refund(''hd-3'', 4, 18)', 'hd-3',
	'refund_exceeds_transaction', '{"refundable": 17}');
select is(t.refund('hd-3', 4, 9) #> '{transaction,draws}', '[
	{"grant_id": 3, "source": "bonus", "amount": 7},
	{"grant_id": 2, "source": "bonus", "amount": 2}]',
	'backwards from where the capture ended');
select is((select total_spent::bigint
	from florin.wallets where user_id = 'hd-3'),
	8::bigint, 'total_spent falls');
select t.refused('select t.refund(''hd-3'', 4, 9)', 'hd-3',
	'refund_exceeds_transaction', '{"refundable": 8}');
select is(t.refund('hd-3', 4) #> '{transaction,draws}', '[
	{"grant_id": 2, "source": "bonus", "amount": 8}]', 'the rest');
select t.refused('select t.refund(''hd-3'', 4)', 'hd-3',
	'refund_exceeds_transaction', '{"refundable": 0}', 'nothing is left');
select is(t.open_grants('hd-3'), '{"bonus": 20, "registration": 50}',
	'all is as before');
select t.hold('hd-3', 5);
select t.release('hd-3', t.hold_id('hd-3'));
select t.refused('select t.refund(''hd-3'', 8)', 'hd-3', 'not_refundable',
	'{}', 'a released hold');
select t.hold('hd-3', 5, 1);
select t.sleep('1 s');
select t.refused('select t.refund(''hd-3'', 10)', 'hd-3', 'not_refundable',
	'{}', 'an expired hold');

select t.whole($$select t.hold('hd-3', 25, key => 'w')$$, 'hd-3', 7,
	'hold_credits');
select t.all_well(user_id) from florin.users where user_id like 'hd-%';
select finish();
