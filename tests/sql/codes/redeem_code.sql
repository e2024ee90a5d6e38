-- florin_api.redeem_code: what a code gives, once.
select no_plan();
create function pg_temp.code(credits bigint, plan text default null,
	period text default null, expires_at timestamptz default null)
returns text language sql as $$
	select body::jsonb #>> '{codes,0}' from florin_admin.create_codes(
		'admin:root', null, null, 1, credits, plan, period, expires_at, 'x')
$$;
create function pg_temp.redeem(uid text, code text, key text default null,
	caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.redeem_code(caller, uid, key,
		t.hash(code), '192.0.2.1', 'curl', code)
$$;
select t.register('code-' || n) from generate_series(1, 4) n;
create temp table c as select pg_temp.code(20) as one, pg_temp.code(7) as two,
	pg_temp.code(5, expires_at => t.now() + '1 h') as short,
	pg_temp.code(9007199254740991) as much,
	pg_temp.code(null, 'pro', 'monthly') as plan;

create temp table got as select pg_temp.redeem('code-1', one, 'k') as r from c;
select is((r -> 'transaction') - array['created_at', 'effective_at',
	'reference'], '{"id": 2, "user_id": "code-1", "kind": "code",
	"amount": 20, "balance_after": 70, "reason": null, "actor": "user",
	"draws": [{"grant_id": 2, "source": "code", "amount": 20}]}', 'credits')
	from got;
select is(r #> '{transaction,reference}', jsonb_build_object('type', 'code',
	'id', id), 'with the code''s id') from got, c, florin.codes
	where code_hash = florin.code_hash(one);
select is(r #> '{wallet,balance}', '70', 'the wallet') from got;
select is(pg_temp.redeem('code-1', one, 'k'), r, 'a replay') from c, got;
select t.refused(format('select pg_temp.redeem(%L, %L, %L)', 'code-1', two,
	'k'), 'code-1', 'idempotency_key_reused') from c;
select t.refused(format('select pg_temp.redeem(%L, %L, %L)', u, one, 'k2'), u,
	'code_used') from c, (values ('code-1'), ('code-2')) as x (u);
select is(pg_temp.redeem('code-2', lower(replace(two, '-', ' ')))
	#> '{wallet,balance}', '57', 'as people write it') from c;
select t.refused($$select pg_temp.redeem('code-1', 'ABCD-EFGH')$$, 'code-1',
	'unknown_code');
select t.refused(format('select pg_temp.redeem(%L, %L)', 'code-none', short),
	'code-none', 'user_not_found') from c;
select t.refused(format('select pg_temp.redeem(%L, %L)', 'code-1', much),
	'code-1', 'balance_limit') from c;
select t.sleep('1 h');
select t.refused(format('select pg_temp.redeem(%L, %L)', 'code-1', short),
	'code-1', 'unknown_code', name => 'at its expiry it is over') from c;

-- A plan: as a paid order would.
create temp table member as select pg_temp.redeem('code-3', plan) as r from c;
select is(r #> '{membership,plan}', '"pro"', 'the plan') from member;
select is(r #> '{membership,status}', '"active"', 'is active') from member;
select is(r #> '{wallet,balance}', '300', 'its quota is there') from member;
select is(r ? 'transaction', false, 'no transaction of a code') from member;
select is(operator, 'system', 'is logged') from florin.admin_operation_logs
	where user_id = 'code-3' and operation = 'redeem_code'
		and before ->> 'status' = 'none' and after ->> 'plan' = 'pro';
select t.refused(format('select pg_temp.redeem(%L, %L)', 'code-4', plan),
	'code-4', 'code_used') from c;

-- Frozen: money in goes on.
update florin.wallets set frozen = true where user_id = 'code-4';
select is(pg_temp.redeem('code-4', pg_temp.code(3)) #> '{wallet,balance}',
	'53', 'a frozen wallet takes credits');
update florin.wallets set frozen = false where user_id = 'code-4';

-- The invariants know of it.
select t.all_well('code-' || n) from generate_series(1, 4) n;
begin;
update florin.code_redemptions set credits = 21 where user_id = 'code-1';
select isnt_empty($$select from florin.check_user('code-1')
	where invariant = 'code'$$, 'another amount is found');
rollback;
begin;
delete from florin.code_redemptions where user_id = 'code-1';
select isnt_empty($$select from florin.check_user('code-1')
	where invariant = 'code'$$, 'credits without a code are found');
rollback;
begin;
update florin.code_redemptions set period_id = 'x' where user_id = 'code-3';
select isnt_empty($$select from florin.check_user('code-3')
	where invariant = 'code'$$, 'a plan without its period is found');
rollback;
select t.whole(format('select pg_temp.redeem(%L, %L)', 'code-1',
	pg_temp.code(4)), 'code-1', 5, 'redeem_code, credits');
select t.whole(format('select pg_temp.redeem(%L, %L)', 'code-4',
	pg_temp.code(null, 'lite', 'yearly')), 'code-4', 6, 'redeem_code, plan');
select finish();
