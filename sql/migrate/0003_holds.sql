-- Holds: credits set aside for work that is not finished.

create table florin.holds (
	user_id text not null references florin.wallets,
	id text not null,
	amount bigint not null check (amount between 1 and 9007199254740991),
	captured bigint not null default 0 check (captured between 0 and amount),
	status text not null default 'open' check (status in
		('open', 'captured', 'released', 'expired')),
	reason text,                    -- null once erased
	created_by text not null,       -- the caller that made it
	transaction_id bigint not null, -- seq of the row that took the credits
	created_at timestamptz not null,
	expires_at timestamptz not null check (expires_at > created_at),
	ended_at timestamptz,           -- null while open
	primary key (user_id, id),
	check ((status = 'captured') = (captured > 0)),
	check ((status = 'open') = (ended_at is null))
) with (fillfactor = 80);
create index holds_open on florin.holds (user_id, expires_at)
	where status = 'open';
