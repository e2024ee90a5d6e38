-- florin_api.register_user: user, wallet, stats and first credits, once.
select no_plan();

create temp table first as
	select * from florin_api.register_user('user', 'reg-1', 'k', t.hash('a'),
		null, null, 'a@example.com', 'Ann');
create temp table answer as select body::jsonb as b from first;

select is(status, 201, 'a new user: 201') from first;
select is(replayed, false, 'not a replay') from first;
select is((b -> 'user') - 'created_at', '{"user_id": "reg-1",
	"email": "a@example.com", "display_name": "Ann"}', 'the user')
	from answer;
select is((b -> 'wallet') - 'updated_at', '{"user_id": "reg-1", "balance": 50,
	"held": 0, "level": 1, "version": 1, "revision": 1, "total_granted": 50,
	"total_spent": 0, "total_recharged": {}, "first_recharged_at": null,
	"frozen": false}', 'the wallet with its first credits')
	from answer;
select is((b -> 'transaction') - 'created_at' - 'effective_at', '{"id": 1,
	"user_id": "reg-1", "kind": "registration", "amount": 50,
	"balance_after": 50, "reason": null, "reference": null, "draws": [
	{"grant_id": 1, "source": "registration", "amount": 50}],
	"actor": "user"}', 'the ledger row') from answer;
select is(b -> 'stats', '{"session_count": 0, "session_seconds": 0,
	"message_count": 0, "task_count": 0, "checkin_count": 0,
	"action_count": 0, "last_active_at": null}', 'the stats') from answer;

-- The same user again.
prepare again as select status, replayed, body::jsonb -> 'transaction',
	body::jsonb #> '{wallet,balance}'
	from florin_api.register_user('user', 'reg-1', 'k2', t.hash('a'),
		null, null, 'b@example.com', 'Bob');
select results_eq('again',
	$$values (200, false, 'null'::jsonb, '50'::jsonb)$$,
	'a second registration gives nothing');
select results_eq('again', $$values (200, true, 'null'::jsonb, '50'::jsonb)$$,
	'and is replayed by its own key');
select is((select email from florin.users where user_id = 'reg-1'),
	'a@example.com', 'it changes nothing of the user');
select is(t.ledger('reg-1'), '[["registration", 50]]', 'one ledger row');

select results_eq($$select status, replayed, body
	from florin_api.register_user('user', 'reg-1', 'k', t.hash('a'),
		null, null, 'a@example.com', 'Ann')$$,
	'select 201, true, body from first',
	'the first key replays the first answer, byte for byte');
select t.refused($$select florin_api.register_user('user', 'reg-1', 'k',
	t.hash('b'), null, null, null, null)$$, 'reg-1',
	'idempotency_key_reused');
select results_eq($$select status, replayed
	from florin_api.register_user('service:be', 'reg-1', 'k', t.hash('b'),
		null, null, null, null)$$, $$values (200, false)$$,
	'another caller''s keys are its own');
select is((select status from florin_api.register_user('user', 'reg-1', null,
	null, null, null, null, null)), 200, 'a key is optional');

-- Without first credits.
begin;
select t.set_setting('registration_credits', '0');
select is(body::jsonb -> 'transaction', 'null', 'no credits, no ledger row')
	from florin_api.register_user('user', 'reg-0', null, null, null, null,
		null, null);
select is(t.version('reg-0'), 0::bigint, 'version 0');
select t.all_well('reg-0');
select is((t.consume('reg-1', 1) #>> '{transaction,amount}')::bigint,
	-1::bigint, 'others go on');
commit;
select t.set_setting('registration_credits', '50');
select t.give('reg-0', 5);
select t.all_well('reg-0');

-- By a service and an admin.
select t.register('reg-s', 'service:be');
select is((select actor from florin.credit_transactions
	where user_id = 'reg-s'), 'service:be', 'the actor is the caller');
select florin_api.register_user('admin:root', 'reg-a', null, null,
	'192.0.2.1', 'curl', null, null);
select results_eq($$select operator, operation, before, after -> 'balance',
	ip, user_agent, outcome from florin.admin_operation_logs
	where user_id = 'reg-a'$$,
	$$values ('admin:root', 'register_user', null::jsonb, '50'::jsonb,
	'192.0.2.1', 'curl', 'done')$$, 'an admin leaves a trace');
select florin_api.register_user('admin:root', 'reg-a', null, null,
	null, null, null, null);
select is((select count(*) from florin.admin_operation_logs
	where user_id in ('reg-a', 'reg-s')), 1::bigint,
	'what changed nothing, and other callers, leave none');

-- A user that nobody registered.
select t.refused($$select t.consume('reg-n', 1)$$, 'reg-n', 'user_not_found');
select t.refused($$select t.balance('reg-n')$$, 'reg-n', 'user_not_found');
begin;
select t.set_setting('auto_register', 'true');
select is(t.consume('reg-n', 1) #>> '{wallet,balance}', '49',
	'auto_register: a user that writes is registered');
select is(t.balance('reg-r'), 50::bigint,
	'auto_register: a user that reads is registered');
select t.refused($$select t.give('reg-x', 1)$$, 'reg-x', 'user_not_found',
	'{}', 'auto_register: but not by others');
select t.refused($$select florin_api.get_user('service:be', 'reg-x', null)$$,
	'reg-x', 'user_not_found', '{}', 'nor by their reading');
rollback;

-- The row is the user's own: ids are compared byte by byte.
select t.register('reg-é'), t.register('Reg-1'), t.register('reg-1 ');
select is(t.balance('reg-1 '), 50::bigint, 'a space is part of an id');
select throws_ok($$select t.register(repeat('é', 65))$$, '23514', null,
	'at most 128 bytes');
select t.register(repeat('é', 64));

select t.whole($$select florin_api.register_user('admin:x', 'reg-w', 'k',
	t.hash('a'), null, null, null, null)$$, 'reg-w', 8, 'register_user');

select t.all_well(u) from unnest(array['reg-1', 'reg-s', 'reg-a',
	repeat('é', 64)]) u;
select finish();
