-- What the tables refuse even to the functions that write them.
begin;
select no_plan();
select t.register('gu-1');
select t.consume('gu-1', 20);

-- The credits of the hot tables are of one domain: 0 to 2^53-1.
select set_eq($$select c.relname || '.' || a.attname
	from pg_attribute a join pg_class c on c.oid = a.attrelid
	where a.atttypid = 'florin.credits'::regtype and c.relkind = 'r'$$,
	array['wallets.balance', 'wallets.held', 'wallets.total_granted',
	'wallets.total_spent', 'grants.amount', 'grants.remaining',
	'grants.expired', 'credit_transactions.balance_after'],
	'columns that hold credits');
select throws_ok(format('update florin.wallets set %s = %s
	where user_id = ''gu-1''', f, n), '23514', null, f || ' ' || n)
	from unnest(array['balance', 'held', 'total_granted', 'total_spent']) f,
	unnest(array[-1, 9007199254740992]) n;
select throws_ok(format('update florin.grants set %s = %s
	where user_id = ''gu-1''', f, n), '23514', null, f || ' ' || n)
	from unnest(array['amount', 'remaining', 'expired']) f,
	unnest(array[-1, 9007199254740992]) n;

-- A row says that credits moved.
select throws_ok($do$do $x$
declare
	w florin.wallets;
	t florin.credit_transactions;
begin
	w := florin.lock_wallet('gu-1', 'user');
	t.kind := 'consume';
	t.amount := 0;
	t.actor := 'user';
	t.draws := '[]';
	call florin.post(w, t);
end $x$ $do$, 'P0001', 'a row of no credits', 'no row of no credits');

-- Credits come back into a grant at most until it holds what it brought.
create function pg_temp.return_to_first(credits bigint) returns void
language plpgsql as $$
declare
	w florin.wallets;
	t florin.credit_transactions;
	graced jsonb;
	lost jsonb;
begin
	w := florin.lock_wallet('gu-1', 'user');
	call florin.return_part(w, t, 1, credits, true, graced, lost);
end
$$;
select throws_ok('select pg_temp.return_to_first(21)', 'P0001',
	'grant 1 of gu-1 would hold more than it brought', 'not one more');
select lives_ok('select pg_temp.return_to_first(20)', 'all of it');

-- The tables of a user refer to users: nobody changes those rows, and each
-- change of a wallet would be compared for each table that refers to it.
select is_empty($$select conrelid::regclass from pg_constraint
	where contype = 'f' and confrelid = 'florin.wallets'::regclass$$,
	'no table refers to wallets');
select finish();
rollback;
