-- What `florinctl import` reads, and what `florinctl erase` may change.

-- A file's rows while they are imported; each import begins with none.
create unlogged table florin.import_rows (
	user_id text primary key check (octet_length(user_id) between 1 and 128
		and user_id !~ '[\u0001-\u001f\u007f-\u009f]'),
	email text check (length(email) between 3 and 254),
	display_name text check (length(display_name) between 1 and 200),
	created_at timestamptz,
	balance bigint not null check (balance between 0 and 9007199254740991),
	total_recharged bigint
		check (total_recharged between 0 and 9007199254740991),
	currency text check (currency ~ '^[A-Z]{3}$'),
	first_recharged_at timestamptz,
	level integer check (level > 0),
	plan text,
	period text check (period in ('monthly', 'yearly')),
	plan_expires_at timestamptz,
	streak bigint check (streak > 0),
	last_checkin date,
	check ((total_recharged is null) = (currency is null)),
	check (num_nonnulls(plan, period, plan_expires_at) in (0, 3)),
	check ((streak is null) = (last_checkin is null))
);

-- A reason may be erased: its hash stays, the chain verifies.  Everything
-- else of a row of the ledger stays refused, whoever asks.
drop trigger append_only on florin.credit_transactions;
create trigger append_only
before delete or truncate on florin.credit_transactions
for each statement execute function florin.refuse_change();
create trigger append_only_rows
before update on florin.credit_transactions
for each row when (new.reason is not null
	or to_jsonb(new) - 'reason' is distinct from to_jsonb(old) - 'reason')
execute function florin.refuse_change();
