-- `florinctl import`: one step makes the users of the next rows of
-- florin.import_rows.  One that exists stays as it is, so that a step may be
-- repeated.
create or replace function florin.import_users(
	after text, step_rows bigint, caller text,
	out last_user text, out rows bigint, out made bigint)
language plpgsql
as $$
declare
	moment constant timestamptz := florin.clock();
	batch florin.import_rows[];
	r florin.import_rows;
begin
	batch := array(select i from florin.import_rows i
		where i.user_id > after order by i.user_id limit step_rows);
	rows := cardinality(batch);
	last_user := (batch[rows]).user_id;
	with fresh as (
		insert into florin.users (user_id, email, display_name, created_at)
		select b.user_id, b.email, b.display_name,
			least(b.created_at, moment)
		from unnest(batch) b
		on conflict do nothing returning user_id
	)
	select coalesce(array_agg(b order by b.user_id), '{}') into batch
		from unnest(batch) b join fresh using (user_id);
	made := cardinality(batch);
	call florin.import_wallets(batch, caller, moment);
	foreach r in array batch loop
		if r.plan is not null and r.plan_expires_at > moment then
			call florin.import_membership(r, caller);
		end if;
	end loop;
end
$$;

-- Wallet, stats, opening balance and last check-in of new users, all at once.
create or replace procedure florin.import_wallets(
	batch florin.import_rows[], caller text, moment timestamptz)
language plpgsql
as $$
begin
	with opening as (
		insert into florin.credit_transactions
		select t.user_id, t.seq, t.kind, t.amount, t.balance_after, t.draws,
			t.reason, t.reason_hash, t.reference_type, t.reference_id,
			t.actor, t.created_at, t.effective_at, t.prev_hash,
			florin.ledger_hash(t)
		from (
			select row(b.user_id, 1, 'import', b.balance, b.balance,
				jsonb_build_array(jsonb_build_object('grant_id', 1,
					'source', 'import', 'amount', b.balance)),
				null, sha256(''), null, null, caller, moment, moment,
				sha256(convert_to(b.user_id, 'UTF8')), null)
				::florin.credit_transactions as t
			from unnest(batch) b where b.balance > 0
		) x, lateral (select (x.t).*) t
		returning user_id, hash
	)
	insert into florin.wallets (user_id, balance, level, version, revision,
			total_granted, total_recharged, first_recharged_at, updated_at,
			last_effective_at, grants_made, head_hash)
		select b.user_id, b.balance, coalesce(b.level, 1),
			(b.balance > 0)::integer, 1, b.balance,
			case when b.currency is null then '{}' else
				jsonb_build_object(b.currency, b.total_recharged) end,
			b.first_recharged_at, moment, moment, (b.balance > 0)::integer,
			coalesce(o.hash, sha256(convert_to(b.user_id, 'UTF8')))
		from unnest(batch) b left join opening o using (user_id);
	insert into florin.stats (user_id, checkin_count)
		select b.user_id, coalesce(b.streak, 0) from unnest(batch) b;
	insert into florin.grants (user_id, id, source, amount, remaining,
			priority, category, effective_at, merged, live)
		select b.user_id, 1, s.source, b.balance, b.balance, s.priority,
			s.category, moment, false, true
		from unnest(batch) b, florin.credit_sources s
		where b.balance > 0 and s.source = 'import';
	-- Who has recharged before gets no bonus for the first time.
	insert into florin.first_recharges (user_id, order_id, created_at)
		select b.user_id, 'import', b.first_recharged_at
		from unnest(batch) b where b.first_recharged_at is not null;
	insert into florin.daily_checkins (user_id, date, streak, credits,
			created_at)
		select b.user_id, b.last_checkin, b.streak, 0, moment
		from unnest(batch) b where b.last_checkin is not null;
end
$$;

-- A running plan goes on until its end.  The balance of the file holds what
-- this month gave: the next reset gives again.
create or replace procedure florin.import_membership(
	r florin.import_rows, caller text)
language plpgsql
as $$
declare
	w florin.wallets := florin.lock_wallet(r.user_id, caller);
	chosen florin.plans;
	period_id text;
begin
	select * into strict chosen from florin.plans p where p.plan = r.plan;
	call florin.start_membership(w.user_id, w.last_effective_at);
	update florin.memberships m
		set quota_month = florin.membership_month(m, w.last_effective_at, 0),
			month_quota = chosen.monthly_credits
		where m.user_id = w.user_id;
	call florin.insert_period(w.user_id, 0, chosen, r.period,
		chosen.monthly_credits, 'import:' || r.user_id,
		florin.exactly(w.last_effective_at, r.plan_expires_at),
		w.last_effective_at, period_id);
	if r.period = 'yearly' then
		insert into florin.yearly_member_credits
			(user_id, period_id, portion, credits, given_at)
			select r.user_id, period_id, n, chosen.monthly_credits,
				case n when 1 then w.last_effective_at end
			from generate_series(1, 12) n;
	end if;
	call florin.lay_out_periods(w.user_id, w.last_effective_at);
	call florin.begin_period(w, caller, w.last_effective_at, false);
	w := florin.save_wallet(w);
end
$$;
