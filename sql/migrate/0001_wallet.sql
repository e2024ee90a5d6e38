-- Users, wallets, grants, the ledger, idempotency keys, settings.
--
-- user_id stands first in every key of a user's table: the tables can be
-- distributed by it.  The ledger and the keys have no foreign key to wallets:
-- they are written only under the wallet's lock, florin.check_user proves it,
-- and a foreign key's own read would cost each operation a statement.

create type florin.answer as (
	status integer,   -- HTTP status
	body text,        -- JSON, sent as it is; null with 304
	replayed boolean, -- the first answer to this idempotency key
	revision bigint   -- of the wallet, for ETag; null where there is none
);

-- Something that time does to a wallet (florin.next_event).
create type florin.due_event as (
	at timestamptz,
	what text,
	id text
);

create table florin.installation (
	one boolean primary key default true check (one),
	installed_at timestamptz not null default clock_timestamp(),
	test_mode boolean not null
);

create table florin.settings (
	name text primary key check (name ~ '^[a-z][a-z0-9_]*$'),
	value jsonb not null,
	type text not null check (type in
		('integer', 'boolean', 'text', 'choice', 'interval')),
	"default" jsonb not null,
	minimum bigint,
	maximum bigint,
	choices text[],
	offline boolean not null default false,
	doc text not null
);

create table florin.credit_sources (
	source text primary key check (source ~ '^[a-z0-9_.-]{1,64}$'),
	priority integer not null check (priority between 0 and 100),
	category text not null check (category in
		('membership', 'promotional', 'paid')),
	merge boolean not null default false,
	grantable boolean not null default false,
	expires_after_days integer check (expires_after_days > 0)
);

create table florin.users (
	user_id text primary key check (octet_length(user_id) between 1 and 128),
	email text,
	display_name text,
	created_at timestamptz not null
);

-- One row a user: the lock of everything that is the user's.
create table florin.wallets (
	user_id text primary key references florin.users,
	balance bigint not null default 0
		check (balance between 0 and 9007199254740991),
	held bigint not null default 0
		check (held between 0 and 9007199254740991),
	level integer not null default 1,
	version bigint not null default 0,  -- the highest seq of the ledger
	revision bigint not null default 0, -- rises with every visible change
	total_granted bigint not null default 0
		check (total_granted between 0 and 9007199254740991),
	total_spent bigint not null default 0
		check (total_spent between 0 and 9007199254740991),
	total_recharged jsonb not null default '{}',
	first_recharged_at timestamptz,
	frozen boolean not null default false,
	updated_at timestamptz not null,
	last_effective_at timestamptz not null, -- time never runs back past it
	next_due_at timestamptz, -- nothing happens by itself before this
	grants_made bigint not null default 0,  -- the last grant's number
	head_hash bytea not null                -- hash of the ledger's last row
) with (fillfactor = 70);
create index wallets_due on florin.wallets (next_due_at)
	where next_due_at is not null;

create table florin.stats (
	user_id text primary key references florin.users,
	session_count bigint not null default 0,
	session_seconds bigint not null default 0,
	message_count bigint not null default 0,
	task_count bigint not null default 0,
	checkin_count bigint not null default 0,
	action_count bigint not null default 0,
	last_active_at timestamptz
) with (fillfactor = 80);

-- A lot of credits.  `live` says that something remains: the index below
-- holds only those, and a partial draw changes no indexed column.
create table florin.grants (
	user_id text not null references florin.wallets,
	id bigint not null,
	source text not null references florin.credit_sources,
	amount bigint not null check (amount between 1 and 9007199254740991),
	remaining bigint not null check (remaining between 0 and amount),
	priority integer not null check (priority between 0 and 100),
	category text not null, -- copied from the source when it began
	effective_at timestamptz not null,
	expires_at timestamptz,
	merged boolean not null, -- grows with each credit of its source
	live boolean not null check (live = (remaining > 0)),
	primary key (user_id, id)
) with (fillfactor = 70);
create index grants_live on florin.grants (user_id) where live;
create unique index grants_merged on florin.grants (user_id, source, priority)
	where merged;

-- The ledger: append-only.  draws: [{grant_id, source, amount}].
create table florin.credit_transactions (
	user_id text not null,
	seq bigint not null,
	kind text not null,
	amount bigint not null check (amount <> 0),
	balance_after bigint not null check (balance_after >= 0),
	draws jsonb not null,
	reason text,
	reason_hash bytea not null, -- outlives an erased reason
	reference_type text,
	reference_id text,
	actor text not null,
	created_at timestamptz not null,
	effective_at timestamptz not null,
	prev_hash bytea not null,
	hash bytea not null,
	primary key (user_id, seq),
	check ((reference_type is null) = (reference_id is null))
);
create index credit_transactions_reference on florin.credit_transactions
	(user_id, reference_type, reference_id, seq)
	where reference_type is not null;

create table florin.idempotency_keys (
	user_id text not null,
	caller text not null,
	key text not null,
	request_hash bytea not null,
	status integer not null,
	body text,               -- null once answer_retention has passed
	version bigint not null, -- of the wallet after the operation
	created_at timestamptz not null,
	primary key (user_id, caller, key)
);

-- What admins did.  user_id is '' where the site itself was the object.
create table florin.admin_operation_logs (
	user_id text not null,
	id text not null,
	operator text not null,
	operation text not null,
	before jsonb,
	after jsonb,
	reason text,
	ip text,
	user_agent text,
	outcome text not null, -- 'done' or the code of the refusal
	created_at timestamptz not null,
	primary key (user_id, id)
);
