-- The ledger refuses DELETE, TRUNCATE and each UPDATE but the erasure of a
-- reason, whoever asks.
begin;
select no_plan();
select t.register('ao-1');
select throws_ok(statement, 'P0001', 'the ledger is append-only', statement)
	from unnest(array[
		'update florin.credit_transactions set amount = 1',
		'update florin.credit_transactions set reason = ''x''',
		'update florin.credit_transactions set reason = null, kind = ''x''',
		'update florin.credit_transactions set reason_hash = ''x''',
		'delete from florin.credit_transactions where user_id = ''ao-1''',
		'truncate florin.credit_transactions']) statement;
select lives_ok('update florin.credit_transactions set reason = null
	where user_id = ''ao-1''', 'a reason can be erased');
set local role florin_owner;
savepoint before;
\set ON_ERROR_STOP off
delete from florin.credit_transactions;
\set ON_ERROR_STOP on
\set message :LAST_ERROR_MESSAGE
rollback to before;
reset role;
select is(:'message'::text, 'the ledger is append-only', 'the owner too');
select finish();
rollback;
