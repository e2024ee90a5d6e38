-- Members as florin_admin.create_membership leaves them, many at once: half
-- by the month, half by the year, each with its first quota.
-- psql -v members=N; user ids due1 …
set synchronous_commit = off;
begin;
create temp table made as
	select 'due' || n as uid, n % 2 = 0 as yearly, florin.clock() as at,
		florin.new_id(florin.clock()) as period_id,
		sha256(convert_to('due' || n, 'UTF8')) as first_hash
	from generate_series(1, :members) n;
create temp table month as
	select distinct at, date_trunc('month', at at time zone 'UTC')
		at time zone 'UTC' as this,
		date_trunc('month', at at time zone 'UTC' + interval '1 month')
		at time zone 'UTC' as next
	from made;
insert into florin.users (user_id, created_at) select uid, at from made;
insert into florin.wallets (user_id, balance, version, revision,
		total_granted, updated_at, last_effective_at, next_due_at,
		grants_made, head_hash)
	select uid, 100, 1, 1, 100, at, at, month.next, 1, first_hash
	from made join month using (at);
insert into florin.stats (user_id) select uid from made;
insert into florin.memberships (user_id, status, anchor, zone, started_at,
		expires_at, moved_at, quota_month, month_quota, quota_expires_at,
		next_reset_at)
	select uid, 'active', 'first_of_month', 'UTC', at,
		at + interval '1 year', at, month.this, 100, month.next, month.next
	from made join month using (at);
insert into florin.membership_periods (user_id, id, place, state, plan,
		period, monthly_credits, begun_at, starts_at, ends_at, counted_from,
		rest)
	select uid, period_id, -1, 'running', 'lite',
		case when yearly then 'yearly' else 'monthly' end, 100, at, at,
		at + interval '1 year', at, case when not yearly then
		make_interval(secs => extract(epoch from interval '365 days')) end
	from made;
insert into florin.yearly_member_credits (user_id, period_id, portion,
		credits, given_at)
	select uid, period_id, n, 100, case n when 1 then at end
	from made, generate_series(1, 12) n where yearly;
insert into florin.grants (user_id, id, source, amount, remaining, priority,
		category, effective_at, expires_at, merged, live)
	select uid, 1, 'membership', 100, 100, 10, 'membership', at, month.next,
		false, true
	from made join month using (at);
insert into florin.credit_transactions
	select (r.row).user_id, (r.row).seq, (r.row).kind, (r.row).amount,
		(r.row).balance_after, (r.row).draws, (r.row).reason,
		(r.row).reason_hash, (r.row).reference_type, (r.row).reference_id,
		(r.row).actor, (r.row).created_at, (r.row).effective_at,
		(r.row).prev_hash, florin.ledger_hash(r.row)
	from (
		select row (uid, 1, 'membership', 100, 100,
			'[{"amount": 100, "source": "membership", "grant_id": 1}]'::jsonb,
			null, sha256(''), 'membership', period_id, 'system', at, at,
			first_hash, ''::bytea)::florin.credit_transactions as row
		from made offset 0) r;
update florin.wallets w set head_hash = t.hash
	from florin.credit_transactions t
	where t.user_id = w.user_id and w.user_id like 'due%';
update florin.memberships m set expires_at = p.ends_at
	from florin.membership_periods p where p.user_id = m.user_id;
commit;
vacuum analyze;
checkpoint;
