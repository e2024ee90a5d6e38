-- Packages, levels, orders, provider references, notices, refunds, alerts.
--
-- The two directories and the notices belong to no user: they are found by
-- what a provider names (an order, a reference, an event), and that is their
-- key, so that each can be distributed by it.

-- A payment as somebody told us: one of its references may be known already.
create type florin.payment as (
	provider text,
	"references" text[], -- each names this payment; the first is its own
	aliases text[],      -- name its order, not the payment (a subscription)
	amount bigint,
	currency text
);

-- Reference data: what credits cost.
create table florin.credit_packages (
	package_id text primary key check (package_id ~ '^[a-z0-9_.-]{1,64}$'),
	title text not null check (length(title) between 1 and 200),
	credits bigint not null check (credits between 1 and 9007199254740991),
	bonus_credits bigint not null default 0
		check (bonus_credits between 0 and 9007199254740991),
	member_bonus_credits bigint not null default 0
		check (member_bonus_credits between 0 and 9007199254740991),
	amount bigint not null check (amount between 1 and 9007199254740991),
	currency text not null check (currency ~ '^[A-Z]{3}$'),
	expires_after_days integer check (expires_after_days between 1 and 36500),
	min_plan text,
	available boolean not null default true
);

-- Reference data: the level of whoever has recharged this much of a currency.
create table florin.levels (
	currency text not null check (currency ~ '^[A-Z]{3}$'),
	level integer not null check (level > 1),
	total_recharged bigint not null check (total_recharged > 0),
	primary key (currency, level)
);

create table florin.payment_orders (
	user_id text not null references florin.wallets,
	id text not null,
	status text not null check (status in ('pending', 'paid',
		'partially_refunded', 'refunded', 'cancelled', 'expired')),
	-- What is bought: one of the two.  Everything after it is copied in.
	package_id text,
	plan text,
	period text,
	amount bigint not null check (amount between 1 and 9007199254740991),
	currency text not null check (currency ~ '^[A-Z]{3}$'),
	credits bigint not null check (credits >= 0),
	bonus_credits bigint not null check (bonus_credits >= 0),
	first_recharge_bonus bigint not null check (first_recharge_bonus >= 0),
	expires_after_days integer,
	terms jsonb, -- of a plan: what membership copied in
	provider text not null check (provider ~ '^[a-z0-9_.-]{1,64}$'),
	created_by text not null,
	created_at timestamptz not null,
	expires_at timestamptz not null,
	-- Completion.
	provider_reference text,
	late boolean not null default false,
	paid_at timestamptz,
	first_seq bigint, -- the ledger rows that completion wrote
	last_seq bigint,
	credited bigint not null default 0, -- base and bonuses in sum
	-- Refunds: claimed = taken + shortfall + what had expired.
	refunded_amount bigint not null default 0,
	claimed bigint not null default 0,
	taken bigint not null default 0,
	shortfall bigint not null default 0,
	primary key (user_id, id),
	check ((package_id is null) <> (plan is null)),
	check ((plan is null) = (period is null)),
	check ((paid_at is null) = (status in
		('pending', 'cancelled', 'expired'))),
	check (refunded_amount between 0 and amount),
	check (taken >= 0 and shortfall >= 0),
	check (taken + shortfall <= claimed and claimed <= credited)
);
create index payment_orders_open on florin.payment_orders (expires_at)
	where status = 'pending';

-- Money that went back to the payer; a dispute that was won is reversed.
-- A reference is unique for its order: the same refund is told many times.
create table florin.payment_refunds (
	user_id text not null,
	order_id text not null,
	reference text not null,
	kind text not null check (kind in ('refund', 'dispute')),
	amount bigint not null check (amount >= 0),
	reversed boolean not null default false,
	reason text,
	actor text not null,
	created_at timestamptz not null,
	primary key (user_id, order_id, reference),
	foreign key (user_id, order_id) references florin.payment_orders
);

-- The first recharge of a user: its key is the guarantee that there is one.
create table florin.first_recharges (
	user_id text primary key references florin.wallets,
	order_id text not null,
	created_at timestamptz not null
);

-- Grants that an order fed (and what came back of them): a refund finds them.
alter table florin.grants
	add column order_id text,
	add column expired bigint not null default 0 check (expired >= 0);
create index grants_order on florin.grants (user_id, order_id)
	where order_id is not null;

-- Whose order is it?
create table florin.order_directory (
	order_id text primary key,
	owner text not null -- a user id
);

-- Whose payment is it?  An unmatched one is real money that gave no credits;
-- without an order it is one whose refund was told before the payment.
create table florin.payment_references (
	reference text not null,
	provider text not null,
	owner text not null,
	order_id text not null,
	matched boolean not null,
	amount bigint,
	currency text,
	created_at timestamptz not null,
	primary key (reference, provider)
);

-- What providers told us: raw, once, with what was read in it.
create table florin.payment_notices (
	event_id text not null,
	provider text not null,
	event_type text not null,
	raw bytea,             -- null once erased
	facts jsonb not null,  -- what the program read in it
	reference text,        -- of the payment, while the notice waits for it
	owner text,            -- of its order, once it is known
	outcome text not null, -- stored, applied, ignored, waiting, a refusal
	attempts integer not null default 0,
	received_at timestamptz not null,
	applied_at timestamptz,
	primary key (event_id, provider)
);
create index payment_notices_received on florin.payment_notices (received_at);
create index payment_notices_waiting on florin.payment_notices
	(reference, provider) where outcome = 'waiting';

-- What people must look at.  user_id is '' where no user is concerned; while
-- an alert is not resolved the same is counted, not told again.
create table florin.alerts (
	user_id text not null,
	id text not null,
	category text not null check (category in
		('repair', 'business', 'security', 'admin')),
	detector text not null,
	subject text not null,
	severity text not null check (severity in
		('info', 'warning', 'critical')),
	detail text,
	status text not null default 'open' check (status in
		('open', 'acknowledged', 'resolved')),
	first_seen_at timestamptz not null,
	last_seen_at timestamptz not null,
	count bigint not null default 1,
	primary key (user_id, id)
);
create unique index alerts_unresolved on florin.alerts
	(user_id, detector, subject) where status <> 'resolved';
