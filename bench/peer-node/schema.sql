-- The peer's tables: the same facts as Florin's, no functions.
create table wallets (
	user_id text primary key,
	balance bigint not null check (balance >= 0),
	version bigint not null default 0,
	total_spent bigint not null default 0,
	head_hash bytea not null default '\x00',
	updated_at timestamptz not null default now()
) with (fillfactor = 70);
create table grants (
	user_id text not null,
	id bigint not null,
	source text not null,
	remaining bigint not null check (remaining >= 0),
	priority integer not null,
	expires_at timestamptz,
	primary key (user_id, id)
) with (fillfactor = 70);
create table credit_transactions (
	user_id text not null,
	seq bigint not null,
	kind text not null,
	amount bigint not null,
	balance_after bigint not null,
	draws jsonb not null,
	reason text,
	created_at timestamptz not null,
	hash bytea not null,
	primary key (user_id, seq)
);
create table idempotency_keys (
	user_id text not null,
	key text not null,
	request_hash bytea not null,
	body text not null,
	created_at timestamptz not null default now(),
	primary key (user_id, key)
);
insert into wallets (user_id, balance)
	select 'bench' || i, 1000000000 from generate_series(1, :users) i;
insert into grants (user_id, id, source, remaining, priority)
	select 'bench' || i, 1, 'registration', 1000000000, 20
	from generate_series(1, :users) i;
