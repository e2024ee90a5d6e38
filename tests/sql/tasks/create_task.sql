-- florin_api.create_task: price, charge and task in one transaction.
select no_plan();

select t.register('ta-1');
create temp table first as select * from florin_api.create_task('user',
	'ta-1', 'k', t.hash('x'), null, null, 'image', '{"prompt": "a cat"}', null);
create temp table answer as select body::jsonb as b, t.task_id('ta-1') as id
	from first;
select is(status, 201, 'a new task: 201') from first;
select is((b -> 'task') - 'created_at', jsonb_build_object('id', id,
	'user_id', 'ta-1', 'kind', 'image', 'status', 'queued', 'cost', 10,
	'input', '{"prompt": "a cat"}'::jsonb, 'result', null, 'error', null,
	'transaction_id', 2, 'refund_transaction_id', null, 'attempts', 0,
	'finished_at', null), 'the task') from answer;
select is((b -> 'transaction') - 'created_at' - 'effective_at',
	jsonb_build_object('id', 2, 'user_id', 'ta-1', 'kind', 'consume',
	'amount', -10, 'balance_after', 40, 'reason', 'image',
	'reference', jsonb_build_object('type', 'task', 'id', id),
	'draws', '[{"grant_id": 1, "source": "registration", "amount": 10}]'::jsonb,
	'actor', 'user'), 'its ledger row, linked both ways') from answer;
select is(b #>> '{wallet,balance}', '40', 'the wallet') from answer;
select is(task_count, 1::bigint, 'it is counted') from florin.stats
	where user_id = 'ta-1';
select results_eq($$select status, body, replayed
	from florin_api.create_task('user', 'ta-1', 'k', t.hash('x'), null, null,
		'image', null, null)$$, 'select 201, body, true from first',
	'its key replays it');
select t.refused($$select t.task('ta-1', null, 'image', 'k', 'user')$$, 'ta-1',
	'idempotency_key_reused');

-- A service's own price; a price of nothing.
select is(t.task('ta-1', 7) #>> '{task,cost}', '7', 'a service''s own price');
select is(t.task('ta-1', 3, 'home.made') #>> '{task,kind}', 'home.made',
	'of a kind that the list lacks');
select is((t.task('ta-1', 0, 'free') - 'wallet') #- '{task,created_at}'
	#- '{task,id}', '{"task": {"user_id": "ta-1", "kind": "free",
	"status": "queued", "cost": 0, "input": {"prompt": "a cat"},
	"result": null, "error": null, "transaction_id": null,
	"refund_transaction_id": null, "attempts": 0, "finished_at": null},
	"transaction": null}', 'what costs nothing writes no row');
select is(t.version('ta-1'), 4::bigint, 'none at all');
select is(t.task('ta-1', null, 'rewrite') #>> '{task,cost}', '1',
	'without: the list''s');
select is(t.field_fault($$select t.task('ta-1', 1, 'image', null, $$
	|| quote_literal(caller) || ')'),
	'{"field": "cost", "code": "unknown"}', caller || ' says no price')
	from unnest(array['user', 'admin:root']) caller;

-- Refusals.
select t.refused($$select t.task('ta-n', null, 'image', null, 'user')$$, 'ta-n',
	'user_not_found');
select t.refused($$select t.task('ta-1', null, 'nothing')$$, 'ta-1',
	'unknown_task_kind');
select t.refused($$select t.task('ta-1', 30)$$, 'ta-1',
	'insufficient_credits', '{"balance": 29, "required": 30, "shortfall": 1,
	"suggestions": [{"kind": "upgrade", "plan": "lite"}]}');
begin;
update florin.wallets set frozen = true where user_id = 'ta-1';
select t.refused($$select t.task('ta-1')$$, 'ta-1', 'wallet_frozen');
select t.refused($$select t.task('ta-1', 0)$$, 'ta-1', 'wallet_frozen', '{}',
	'frozen: not even what costs nothing');
select is(t.task('ta-1', null, 'image', null, 'admin:root')
	#>> '{task,status}', 'queued', 'an admin may');
rollback;
begin;
insert into florin.task_prices values ('gold', 2, 'pro');
select t.refused($$select t.task('ta-1', null, 'gold', null, 'user')$$, 'ta-1',
	'members_only', '{"plans": ["pro", "premium"]}');
rollback;

-- A change of the price is for later tasks.
begin;
update florin.task_prices set cost = 11 where kind = 'image';
select is(t.task('ta-1', null) #>> '{task,cost}', '11', 'the new price');
select is((t.cancel_task('ta-1') ->> 'status'), 'cancelled', 'ends');
select is(t.balance('ta-1'), 29::bigint, 'what was paid comes back');
rollback;

select florin_api.create_task('admin:root', 'ta-1', null, null, 'ip', 'ua',
	'rewrite', null, null);
select results_eq($$select operation, after -> 'balance'
	from florin.admin_operation_logs where user_id = 'ta-1'$$,
	$$values ('create_task', '28'::jsonb)$$, 'an admin leaves a trace');

select t.register('ta-w');
select t.whole($$select florin_api.create_task('admin:x', 'ta-w', 'k',
	t.hash('a'), null, null, 'image', '{}', null)$$, 'ta-w', 7, 'create_task');

-- The invariants see what is wrong.
create function pg_temp.broken_by(change text) returns text
language plpgsql as $$
declare
	seen text;
begin
	execute change || $x$ where user_id = 'ta-1'
		and id = (select id from answer)$x$;
	seen := (select string_agg(invariant, ' ')
		from florin.check_user('ta-1'));
	raise exception using errcode = 'XX997', message = coalesce(seen, '');
exception when sqlstate 'XX997' then
	return sqlerrm;
end
$$;
select is(pg_temp.broken_by('update florin.tasks set cost = 9'), 'task',
	'another cost than was taken');
select is(pg_temp.broken_by('update florin.tasks set transaction_id = 3'),
	'task task', 'another row than its own');
select is(pg_temp.broken_by('delete from florin.tasks'), 'task',
	'a charge for no task');
select is(pg_temp.broken_by('update florin.tasks set status = ''cancelled'','
	' finished_at = created_at'), 'task', 'cancelled and not refunded');
select t.all_well('ta-1');
select finish();
