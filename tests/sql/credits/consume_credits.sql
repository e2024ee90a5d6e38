-- florin_api.consume_credits: takes credits, once per key.
select no_plan();

select t.register('con-1');
create temp table first as
	select * from florin_api.consume_credits('user', 'con-1', 'k1',
		t.hash('a'), null, null, 20, E'für 1 Bild \u2713', 'image', '7');
create temp table answer as select body::jsonb as b from first;

select is(status, 200, '200') from first;
select is(revision, 2::bigint, 'the wallet''s revision') from first;
select is((b -> 'transaction') - 'created_at' - 'effective_at',
	jsonb_build_object('id', 2, 'user_id', 'con-1', 'kind', 'consume',
	'amount', -20, 'balance_after', 30, 'reason', E'für 1 Bild \u2713',
	'reference', '{"type": "image", "id": "7"}'::jsonb,
	'draws', '[{"grant_id": 1, "source": "registration", "amount": 20}]'::jsonb,
	'actor', 'user'), 'the ledger row') from answer;
select is((b -> 'wallet') - 'updated_at', '{"user_id": "con-1", "balance": 30,
	"held": 0, "level": 1, "version": 2, "revision": 2, "total_granted": 50,
	"total_spent": 20, "total_recharged": {}, "first_recharged_at": null,
	"frozen": false}', 'the wallet') from answer;
select is(b #> '{transaction,created_at}', b #> '{transaction,effective_at}',
	'it happens when it is written') from answer;

-- The key.
select results_eq($$select status, body, replayed
	from florin_api.consume_credits('user', 'con-1', 'k1', t.hash('a'),
		null, null, 20, 'x', null, null)$$,
	'select status, body, true from first',
	'the same key: the first answer, byte for byte');
select is(t.version('con-1'), 2::bigint, 'and nothing is done');
select t.refused($$select t.consume('con-1', 20, 'k1')$$, 'con-1',
	'idempotency_key_reused');
select is(t.consume('con-1', 1, 'k1', 'service:a') #>> '{transaction,id}',
	'3', 'a service''s keys are its own');
select is(t.consume('con-1', 1, 'k1', 'service:b') #>> '{transaction,id}',
	'4', 'each service''s');
select is(t.consume('con-1', 1, 'k1', 'admin:a') #>> '{transaction,id}',
	'5', 'and each admin''s');
update florin.idempotency_keys set body = null
	where user_id = 'con-1' and caller = 'service:a';
select t.refused($$select t.consume('con-1', 1, 'k1', 'service:a')$$, 'con-1',
	'already_done', '{}', 'an answer that is no longer kept: 409');
select t.refused($$select t.consume('con-1', 2, 'k1', 'service:a')$$, 'con-1',
	'idempotency_key_reused', '{}', 'but another request is told so');

-- Too little.
select t.refused($$select t.consume('con-1', 28, 'k2')$$, 'con-1',
	'insufficient_credits', '{"balance": 27, "required": 28, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}');
select t.give('con-1', 1);
select is(t.consume('con-1', 28, 'k2') #>> '{transaction,balance_after}', '0',
	'after a top-up the same key succeeds');
select t.refused($$select t.consume('con-1', 1)$$, 'con-1',
	'insufficient_credits', '{"balance": 0, "required": 1, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}',
	'nothing from nothing');

-- References.
create function pg_temp.with_reference(type text, id text) returns void
language sql as $$
	select florin_api.consume_credits('user', 'con-1', null, null, null,
		null, 1, 'x', type, id)
$$;
select is(t.field_fault(format('select pg_temp.with_reference(%L, ''1'')', r)),
	'{"field": "reference_type", "code": "choice"}',
	r || ' is the system''s own')
	from unnest(array['order', 'task', 'hold', 'checkin', 'membership',
		'transaction', 'code']) r;
select is(t.field_fault($$select pg_temp.with_reference('x', null)$$),
	'{"field": "reference_id", "code": "required"}', 'a type alone');
select is(t.field_fault($$select pg_temp.with_reference(null, 'x')$$),
	'{"field": "reference_type", "code": "required"}', 'an id alone');

-- Who.
select t.refused($$select t.consume('con-none', 1)$$, 'con-none',
	'user_not_found');
select t.give('con-1', 30);
update florin.wallets set frozen = true where user_id = 'con-1';
select t.refused($$select t.consume('con-1', 1)$$, 'con-1', 'wallet_frozen');
select t.refused($$select t.consume('con-1', 1, null, 'service:a')$$, 'con-1',
	'wallet_frozen');
select is((select body from florin_api.consume_credits('user', 'con-1', 'k1',
	t.hash('a'), null, null, 20, 'x', null, null)),
	(select body from first), 'a replay comes before the frozen wallet');
select is(t.consume('con-1', 1, null, 'admin:root') #>> '{transaction,amount}',
	'-1', 'an admin may take from a frozen wallet');
update florin.wallets set frozen = false where user_id = 'con-1';
select results_eq($$select operation, before -> 'balance', after -> 'balance',
	outcome from florin.admin_operation_logs
	where user_id = 'con-1' order by created_at desc limit 1$$,
	$$values ('consume_credits', '30'::jsonb, '29'::jsonb, 'done')$$,
	'and leaves a trace');
select is((select count(*) from florin.admin_operation_logs
	where user_id = 'con-1' and operator not like 'admin:%'), 0::bigint,
	'others leave none');

-- Large amounts.
select t.register('con-2');
select t.give('con-2', 9007199254740991 - 50);
select is(t.consume('con-2', 9007199254740991) #>> '{wallet,total_spent}',
	'9007199254740991', 'all of 2^53 - 1 at once');
select t.all_well('con-2');

select t.give('con-1', 4), t.give('con-1', 4, priority => 3);
select t.whole($$select florin_api.consume_credits('admin:x', 'con-1', 'kw',
	t.hash('a'), null, null, 10, 'x', null, null)$$, 'con-1', 6,
	'consume_credits');
select t.all_well('con-1');
select finish();
