-- GET /api/credits/transactions/{transaction_id}: one row of the ledger.
create or replace function florin_api.get_transaction(
	caller text, user_id text, transaction_id bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	t credit_transactions;
begin
	perform touch(user_id, caller);
	select * into t from credit_transactions l
		where l.user_id = get_transaction.user_id and l.seq = transaction_id;
	if not found then
		perform refuse('not_found');
	end if;
	return (200, transaction_json(t)::text, false, null)::answer;
end
$$;
