-- The ledger refuses UPDATE, DELETE and TRUNCATE, whoever asks.  In a file of
-- its own: an install on a distributed engine leaves it out.
create function florin.refuse_change() returns trigger
language plpgsql as $$
begin
	raise exception 'the ledger is append-only';
end
$$;

create trigger append_only
before update or delete or truncate on florin.credit_transactions
for each statement execute function florin.refuse_change();
