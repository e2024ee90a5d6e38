-- florin_api.check_credits: would a consume of this amount be served?
select no_plan();

create function pg_temp.ask(amount bigint, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb
	from florin_api.check_credits(caller, 'cc-1', null, amount)
$$;

select t.register('cc-1');
select is(pg_temp.ask(50), '{"allowed": true, "balance": 50, "required": 50,
	"shortfall": 0}', 'all of it');
select is(pg_temp.ask(51), '{"allowed": false, "balance": 50, "required": 51,
	"shortfall": 1}', 'one too many');
select is(pg_temp.ask(9007199254740991) -> 'shortfall',
	'9007199254740941', 'the largest amount');
select is(t.balance('cc-1'), 50::bigint, 'it takes nothing');
select results_eq($$select status, body
	from florin_api.check_credits('user', 'cc-1', 1, 5)$$,
	$$values (304, null)$$, 'the same revision: 304, no body');
select t.refused($$select florin_api.check_credits('user', 'cc-none', null,
	1)$$, 'cc-none', 'user_not_found');

update florin.wallets set frozen = true where user_id = 'cc-1';
select is(pg_temp.ask(1) -> 'allowed', 'false', 'a frozen wallet: no');
select is(pg_temp.ask(1, 'service:be') -> 'allowed', 'false',
	'also for a service');
select is(pg_temp.ask(1, 'admin:root') -> 'allowed', 'true',
	'an admin may do all');
update florin.wallets set frozen = false where user_id = 'cc-1';

select t.give('cc-1', 10, expires_at => t.now() + '1 h');
select t.sleep('1 h');
select is(pg_temp.ask(51) -> 'balance', '50', 'what was due is applied');
select t.all_well('cc-1');
select finish();
