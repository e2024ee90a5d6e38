-- florin_api.refund_credits: returns a consume, whole or in part, backwards
-- into the grants it drew from.
select no_plan();

-- Walking backwards.  Grants: 1 registration 50 (priority 20), then 2, 3, 4.
select t.register('rf-1');
select t.give('rf-1', 10, priority => 1), t.give('rf-1', 10, priority => 2),
	t.give('rf-1', 10, priority => 3);
create temp table taken as select t.consume('rf-1', 25) as b;
select is(b #> '{transaction,draws}', '[
	{"grant_id": 2, "source": "bonus", "amount": 10},
	{"grant_id": 3, "source": "bonus", "amount": 10},
	{"grant_id": 4, "source": "bonus", "amount": 5}]', 'taken') from taken;

create temp table first as
	select * from florin_api.refund_credits('service:be', 'rf-1', 'k1',
		t.hash('a'), null, null, 5, 7, 'half of it failed');
select is(status, 200, '200') from first;
select is((body::jsonb -> 'transaction') - 'created_at' - 'effective_at', '{
	"id": 6, "user_id": "rf-1", "kind": "refund", "amount": 7,
	"balance_after": 62, "reason": "half of it failed",
	"reference": {"type": "transaction", "id": "5"}, "draws": [
	{"grant_id": 4, "source": "bonus", "amount": 5},
	{"grant_id": 3, "source": "bonus", "amount": 2}],
	"actor": "service:be"}', 'the last drawn comes back first') from first;
select is(body::jsonb #> '{wallet,total_spent}', '18', 'total_spent falls')
	from first;
select is(body::jsonb #> '{wallet,total_granted}', '80',
	'total_granted does not rise') from first;
select results_eq($$select replayed, body from florin_api.refund_credits(
	'service:be', 'rf-1', 'k1', t.hash('a'), null, null, 5, 7, 'x')$$,
	'select true, body from first', 'a replay');
select t.refused($$select florin_api.refund_credits('service:be', 'rf-1',
	'k1', t.hash('b'), null, null, 5, 8, 'x')$$, 'rf-1',
	'idempotency_key_reused');
select is(t.refund('rf-1', 5, 10) #> '{transaction,draws}', '[
	{"grant_id": 3, "source": "bonus", "amount": 8},
	{"grant_id": 2, "source": "bonus", "amount": 2}]',
	'the next part goes on where the first ended');
select t.refused('select t.refund(''rf-1'', 5, 9)', 'rf-1',
	'refund_exceeds_transaction', '{"refundable": 8}');
select is(t.refund('rf-1', 5) #> '{transaction,draws}', '[
	{"grant_id": 2, "source": "bonus", "amount": 8}]',
	'without an amount: what is left');
select t.refused('select t.refund(''rf-1'', 5)', 'rf-1',
	'refund_exceeds_transaction', '{"refundable": 0}', 'nothing is left');
select t.refused('select t.refund(''rf-1'', 5, 1)', 'rf-1',
	'refund_exceeds_transaction', '{"refundable": 0}', 'not even 1');
select is(t.open_grants('rf-1'), '{"bonus": 30, "registration": 50}',
	'all is as before');
select is((select total_spent::bigint
	from florin.wallets where user_id = 'rf-1'),
	0::bigint, 'nothing was spent');
select t.refused('select t.refund(''rf-1'', 5, 9007199254740991)', 'rf-1',
	'refund_exceeds_transaction', '{"refundable": 0}', 'the largest amount');

-- Only a consume or a captured hold can be refunded (holds: hold_credits.sql).
select t.adjust('rf-1', -1);
select t.give('rf-1', 1, expires_at => t.now() + '1 h');
select t.sleep('1 h');
select t.balance('rf-1');
select t.refused(format('select t.refund(%L, %s, 1)', 'rf-1', seq), 'rf-1',
	'not_refundable', '{}', 'not refundable: ' || kind)
	from (select distinct on (kind) kind, seq
		from florin.credit_transactions
		where user_id = 'rf-1' and kind <> 'consume') l;
select is(array(select distinct kind from florin.credit_transactions
	where user_id = 'rf-1' order by 1), array['adjust', 'consume', 'expire',
	'grant', 'refund', 'registration'], 'all kinds were tried');
select t.refused('select t.refund(''rf-1'', 99)', 'rf-1', 'not_found');
select t.refused('select t.refund(''rf-1'', 0)', 'rf-1', 'not_found');
select t.register('rf-2');
select t.refused('select t.refund(''rf-2'', 5)', 'rf-2', 'not_found', '{}',
	'another user''s transaction');
select t.refused('select t.refund(''rf-none'', 1)', 'rf-none',
	'user_not_found');
select t.all_well('rf-1');

-- Into a grant that has expired since: credits live refund_grace, once.
select t.register('rf-3');
select t.give('rf-3', 10, expires_at => t.now() + '1 h', priority => 0);
select t.consume('rf-3', 15); -- 3: 10 that expire, 5 that stay
select t.sleep('2 h');
create temp table back as select t.refund('rf-3', 3) as b;
select is(t.draws(b -> 'transaction'),
	'[["registration", 5], ["refund", 10]]',
	'what stays goes home, what expired into one grant of refund') from back;
select is(expires_at, effective_at + '7 d'::interval, 'that lives 7 days')
	from florin.grants where user_id = 'rf-3' and source = 'refund';
select is((select next_due_at from florin.wallets where user_id = 'rf-3'),
	(select expires_at from florin.grants
		where user_id = 'rf-3' and source = 'refund'),
	'the wallet knows when');
select t.consume('rf-3', 60); -- 5: all
select t.sleep('8 d');
create temp table again as select t.refund('rf-3', 5) as b;
select is(t.draws(b -> 'transaction'),
	'[["registration", 50], ["refund", 10]]',
	'a second return goes into the same grant') from again;
select is(b #> '{transaction,balance_after}', '60', 'for a moment') from again;
select is(b #> '{wallet,balance}', '50', 'and expires at once') from again;
select is(t.ledger('rf-3', 5), '[["refund", 60], ["expire", -10]]',
	'refund, then expire');
select is((select count(*) from florin.grants
	where user_id = 'rf-3' and source = 'refund'), 1::bigint,
	'no second grant of refund');
select t.all_well('rf-3');

-- Several parts into one expired grant: a grant of refund for each return.
select t.register('rf-4');
select t.give('rf-4', 10, expires_at => t.now() + '1 h', priority => 0);
select t.consume('rf-4', 10);
select t.sleep('1 h');
select is(t.refund('rf-4', 3, 4) #> '{wallet,balance}', '54', 'a part');
select is(t.refund('rf-4', 3, 6) #> '{wallet,balance}', '60', 'the rest');
select is(t.open_grants('rf-4'), '{"refund": 10, "registration": 50}',
	'both live');
select t.sleep('8 d');
select is(t.balance('rf-4'), 50::bigint, 'and end');
select t.all_well('rf-4');

-- No grace at all.
begin;
select t.set_setting('refund_grace', '"0 d"');
select t.register('rf-5');
select t.give('rf-5', 10, expires_at => t.now() + '1 h', priority => 0);
select t.consume('rf-5', 10);
select t.sleep('1 h');
select is(t.refund('rf-5', 3) #> '{wallet,balance}', '50',
	'refund_grace 0: what comes back is gone');
select is(t.ledger('rf-5', 3), '[["refund", 10], ["expire", -10]]',
	'by rows of its own');
select t.all_well('rf-5');
rollback;

-- A grant that expires at this very moment has expired.
begin;
select t.register('rf-6');
select t.give('rf-6', 10, expires_at => t.now() + '1 h', priority => 0);
select t.consume('rf-6', 10);
update florin.grants set expires_at = (select last_effective_at + '1 d'
		from florin.wallets where user_id = 'rf-6')
	where user_id = 'rf-6' and id = 2;
update florin.wallets set last_effective_at = last_effective_at + '1 d'
	where user_id = 'rf-6'; -- a clock that ran ahead: now is exactly then
select is(t.draws(t.refund('rf-6', 3) -> 'transaction'), '[["refund", 10]]',
	'valid in [effective_at, expires_at)');
rollback;

-- Frozen; the operation log; the limit.
update florin.wallets set frozen = true where user_id = 'rf-3';
select t.refused('select t.consume(''rf-3'', 1)', 'rf-3', 'wallet_frozen');
select t.consume('rf-3', 2, null, 'admin:root');
select is(t.refund('rf-3', t.version('rf-3'), 1, 'admin:root')
	#> '{transaction,amount}', '1', 'refunds go on when frozen');
update florin.wallets set frozen = false where user_id = 'rf-3';
select is((select operation from florin.admin_operation_logs
	where user_id = 'rf-3' order by created_at desc limit 1),
	'refund_credits', 'an admin''s refund is logged');

select t.register('rf-7');
select t.consume('rf-7', 50);
select t.give('rf-7', 9007199254740991 - 50);
select t.refund('rf-7', 2, 50);
select is(t.balance('rf-7'), 9007199254740991, 'back to the limit');
select t.register('rf-8');
select t.give('rf-8', 9007199254740991 - 50);
select t.consume('rf-8', 9007199254740991);
select is(t.refund('rf-8', 3) #> '{wallet,balance}', '9007199254740991',
	'the largest refund');
select t.all_well('rf-8');

select t.consume('rf-1', 20);
select t.whole($$select florin_api.refund_credits('admin:x', 'rf-1', 'kw',
	t.hash('a'), null, null, t.version('rf-1'), 15, 'x')$$, 'rf-1', 5,
	'refund_credits');
select t.give('rf-3', 10, expires_at => t.now() + '1 h', priority => 0);
select t.consume('rf-3', 10);
select t.sleep('1 h');
select t.balance('rf-3');
select t.whole(format($$select florin_api.refund_credits('admin:x', 'rf-3',
	'kw', t.hash('a'), null, null, %s, 5, 'x')$$, t.version('rf-3')), 'rf-3',
	5, 'refund_credits into an expired grant');
select t.all_well(u) from unnest(array['rf-1', 'rf-3', 'rf-7']) u;
select finish();
