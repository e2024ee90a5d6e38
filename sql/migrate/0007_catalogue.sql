-- Redemption codes; what the lists over all users read.

-- Whose code is it?  Kept by its hash only, found by it, redeemed once.
create table florin.codes (
	code_hash bytea primary key, -- SHA-256
	id text not null,            -- names it in the ledger; no secret
	credits bigint check (credits between 1 and 9007199254740991),
	plan text,
	period text,
	created_by text not null,
	created_at timestamptz not null,
	expires_at timestamptz,
	redeemed_by text, -- a user id
	redeemed_at timestamptz,
	check ((credits is null) = (plan is not null)),
	check ((plan is null) = (period is null)),
	check ((redeemed_by is null) = (redeemed_at is null))
);

-- What a user got for a code.
create table florin.code_redemptions (
	user_id text not null references florin.wallets,
	code_id text not null,
	credits bigint,
	transaction_id bigint, -- of the credits
	plan text,
	period text,
	period_id text,        -- of the plan
	created_at timestamptz not null,
	primary key (user_id, code_id),
	check ((credits is null) = (transaction_id is null)),
	check ((plan is null) = (period_id is null)),
	check ((credits is null) = (plan is not null))
);

-- Where a list over all users goes on.
create type florin.list_place as (
	at timestamptz,
	id text,
	seq bigint
);

-- Newest first, over all users.  The ledger is written in order of time: a
-- BRIN index costs its writers nothing.
create index users_age on florin.users (created_at, user_id);
create index credit_transactions_age on florin.credit_transactions
	using brin (created_at) with (pages_per_range = 32, autosummarize = on);
create index admin_operation_logs_newest on florin.admin_operation_logs
	(created_at, id);
