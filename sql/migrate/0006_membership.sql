-- Plans, memberships and the periods that they are made of.
--
-- What changes by itself is written down as it stands: each period that is
-- not over has its moments, so that a list over many users, the calendar and
-- florin.next_event read them instead of working them out.

create table florin.plans (
	plan text primary key check (plan ~ '^[a-z0-9_.-]{1,64}$'),
	rank integer not null unique check (rank > 0),
	monthly_credits bigint not null
		check (monthly_credits between 1 and 9007199254740991),
	available boolean not null default true
);

create table florin.plan_prices (
	plan text not null references florin.plans,
	period text not null check (period in ('monthly', 'yearly')),
	currency text not null check (currency ~ '^[A-Z]{3}$'),
	amount bigint not null check (amount between 1 and 9007199254740991),
	primary key (plan, period, currency)
);

-- A user's present membership, or its last one.  anchor and zone are copied
-- when it starts: they say where its months begin.
create table florin.memberships (
	user_id text primary key references florin.wallets,
	status text not null check (status in
		('active', 'cancelling', 'expired')),
	anchor text not null check (anchor in ('first_of_month', 'anniversary')),
	zone text not null,
	started_at timestamptz not null,
	expires_at timestamptz not null,
	moved_at timestamptz not null, -- of the last thing that happened to it
	quota_month timestamptz,       -- begin of the month that gave last
	month_quota bigint not null default 0, -- what that month has given
	quota_expires_at timestamptz,
	next_reset_at timestamptz
) with (fillfactor = 80);

-- A paid stretch.  Of those that are not over, `place` is the order in which
-- they run.  One that was interrupted, or whose end was set by hand, has
-- `rest`: how long it runs from starts_at, exactly; the others have a length
-- of the calendar, counted from the first of those that follow each other
-- (counted_from, months_before), so that the 31st comes back after February.
create table florin.membership_periods (
	user_id text not null references florin.memberships,
	id text not null,
	place integer not null,
	state text not null check (state in
		('running', 'waiting', 'over', 'dropped')),
	plan text not null references florin.plans,
	period text not null check (period in ('monthly', 'yearly')),
	monthly_credits bigint not null, -- of the plan when it was bought
	bought_by text,                  -- 'order:…', 'invoice:…'
	begun_at timestamptz,
	starts_at timestamptz not null,
	ends_at timestamptz not null,
	counted_from timestamptz,
	months_before integer not null default 0,
	rest interval,
	primary key (user_id, id)
) with (fillfactor = 80);
create index membership_periods_open on florin.membership_periods
	(user_id, place) where state in ('running', 'waiting');
create unique index membership_periods_bought on florin.membership_periods
	(user_id, bought_by) where bought_by is not null;

-- The twelve portions of a yearly period, made when it begins.
create table florin.yearly_member_credits (
	user_id text not null,
	period_id text not null,
	portion integer not null check (portion between 1 and 12),
	credits bigint not null,
	given_at timestamptz,
	void boolean not null default false, -- never to be given
	primary key (user_id, period_id, portion),
	foreign key (user_id, period_id) references florin.membership_periods,
	check (not void or given_at is null)
) with (fillfactor = 80);

-- Something that a membership does by itself (florin.membership_future).
create type florin.membership_event as (
	at timestamptz,
	what text,        -- period_begins, period_ends, reset, portion
	period_id text,
	credits bigint,   -- that it gives
	portion integer,  -- of a yearly period
	opens boolean     -- it gives the quota of a month
);

-- How far a job has come that works along time (florin_jobs).
create table florin.job_progress (
	job text primary key,
	done_until timestamptz not null
);

-- The retention jobs look for what is old.
create index idempotency_keys_age on florin.idempotency_keys
	using brin (created_at) with (pages_per_range = 32, autosummarize = on);
create index admin_operation_logs_age on florin.admin_operation_logs
	using brin (created_at) with (pages_per_range = 32, autosummarize = on);
