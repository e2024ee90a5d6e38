-- What a user does: check-ins, sessions, actions, paid work, features.

-- GET /api/users carries the stats, and its ETag must change with them: they
-- have a revision of their own, so that a message does not write the wallet.
alter table florin.stats add column revision bigint not null default 0;

create table florin.daily_checkins (
	user_id text not null references florin.wallets,
	date date not null, -- in the site's zone
	streak bigint not null check (streak > 0),
	credits bigint not null check (credits >= 0), -- reward and bonus
	transaction_id bigint,       -- null: the reward was 0
	bonus_transaction_id bigint, -- null: no bonus
	created_at timestamptz not null,
	primary key (user_id, date)
);

-- What is open now: one for each client of a user.
create table florin.user_sessions (
	user_id text not null references florin.wallets,
	id text not null,
	client text not null, -- '' where nobody named one
	metadata jsonb,
	started_at timestamptz not null,
	last_message_at timestamptz,
	message_count bigint not null default 0 check (message_count >= 0),
	idle_after interval not null, -- copied from the setting session_idle
	idle_at timestamptz not null, -- without a message it ends then
	primary key (user_id, id)
) with (fillfactor = 80);
create unique index user_sessions_client on florin.user_sessions
	(user_id, client);

-- What is over.
create table florin.session_records (
	user_id text not null references florin.wallets,
	id text not null,
	client text not null,
	metadata jsonb,
	started_at timestamptz not null,
	last_message_at timestamptz,
	message_count bigint not null,
	ended_at timestamptz not null check (ended_at >= started_at),
	duration_seconds bigint not null check (duration_seconds >= 0),
	end_reason text not null check (end_reason in ('ended', 'idle')),
	primary key (user_id, id)
);

create table florin.action_types (
	action_type text primary key check (action_type ~ '^[a-z0-9_.-]{1,64}$'),
	counters text[] not null check (counters <@ array['session_count',
		'session_seconds', 'message_count', 'task_count', 'checkin_count',
		'action_count'])
);

create table florin.user_action_records (
	user_id text not null references florin.wallets,
	id text not null,
	action_type text not null,
	target text,
	metadata jsonb,
	created_at timestamptz not null,
	primary key (user_id, id)
);

create table florin.task_prices (
	kind text primary key check (kind ~ '^[a-z0-9_.-]{1,64}$'),
	cost bigint not null check (cost between 0 and 9007199254740991),
	min_plan text
);

create table florin.features (
	feature text primary key check (feature ~ '^[a-z0-9_.-]{1,64}$'),
	kind text not null check (kind ~ '^[a-z0-9_.-]{1,64}$'),
	cost bigint not null check (cost between 0 and 9007199254740991),
	upstream_url text not null
		check (upstream_url ~ '^https?://[^[:cntrl:][:space:]]+$'),
	timeout_seconds integer not null check (timeout_seconds between 1 and 300),
	min_plan text
);

create table florin.tasks (
	user_id text not null references florin.wallets,
	id text not null,
	kind text not null,
	feature text, -- its worker is the request that made it
	status text not null check (status in
		('queued', 'running', 'succeeded', 'failed', 'cancelled')),
	cost bigint not null check (cost between 0 and 9007199254740991),
	input jsonb,
	result jsonb,
	error jsonb,
	transaction_id bigint,        -- the consume row; null: it cost nothing
	refund_transaction_id bigint, -- null: nothing came back by its end
	created_by text not null,
	attempts integer not null default 0,
	max_attempts integer not null check (max_attempts > 0),
	worker text,
	claim_token text, -- of the last claim, while nobody else may claim it
	lease_expires_at timestamptz,
	created_at timestamptz not null,
	finished_at timestamptz,
	primary key (user_id, id),
	check ((status = 'running') = (lease_expires_at is not null)),
	check (status <> 'running' or claim_token is not null),
	check ((finished_at is null) = (status in ('queued', 'running'))),
	check ((cost = 0) = (transaction_id is null)),
	check (attempts <= max_attempts)
) with (fillfactor = 80);
create index tasks_queued on florin.tasks (kind, created_at)
	where status = 'queued';
create index tasks_leased on florin.tasks (kind, lease_expires_at)
	where status = 'running';
create index tasks_running on florin.tasks (user_id) where status = 'running';

-- What a feature's upstream answered, for those who ask again with the key.
create table florin.feature_answers (
	user_id text not null,
	task_id text not null,
	status integer not null,
	content_type text,
	body bytea, -- null: longer than we keep
	created_at timestamptz not null,
	primary key (user_id, task_id),
	foreign key (user_id, task_id) references florin.tasks
);
