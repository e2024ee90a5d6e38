-- POST /api/checkin: once a day of the site, with a reward, and a bonus for
-- each `streak_days` days in a row.
create or replace function florin_api.check_in(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	c daily_checkins;
	reward credit_transactions;
	bonus credit_transactions;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;
	c.date := site_date(w.last_effective_at);
	perform refuse('already_checked_in',
		jsonb_build_object('checkin', checkin_json(d)))
		from daily_checkins d
		where d.user_id = check_in.user_id and d.date = c.date;

	c.streak := streak_at(user_id, c.date - 1) + 1;
	call reward_checkin(w, reward, 'checkin',
		setting('checkin_credits')::bigint, c.date, caller);
	if c.streak % setting('streak_days')::bigint = 0 then
		call reward_checkin(w, bonus, 'checkin_bonus',
			setting('streak_bonus')::bigint, c.date, caller);
	end if;
	w := save_wallet(w);
	insert into daily_checkins
		(user_id, date, streak, credits, transaction_id,
		bonus_transaction_id, created_at)
		values (w.user_id, c.date, c.streak,
		coalesce(reward.amount, 0) + coalesce(bonus.amount, 0),
		reward.seq, bonus.seq, w.last_effective_at)
		returning * into c;
	call count_activity(w, array['checkin_count']);

	perform log_operation(caller, user_id, 'check_in',
		wallet_facts(before), wallet_facts(w), null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 201,
		json_build_object(
			'checkin', checkin_json(c),
			'transaction', case when reward.seq is not null
				then transaction_json(reward) end,
			'bonus_transaction', case when bonus.seq is not null
				then transaction_json(bonus) end,
			'wallet', wallet_json(w))::text);
end
$$;
