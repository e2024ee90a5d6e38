-- GET /api/credits/check: would a consume of this amount be served?
create or replace function florin_api.check_credits(
	caller text, user_id text, known_revision bigint, amount bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	a answer;
begin
	perform touch(user_id, caller);
	select case when w.revision = known_revision then 304 else 200 end,
		case when w.revision is distinct from known_revision then
			json_build_object(
				'allowed', w.balance >= amount
					and (not w.frozen or caller like 'admin:%'),
				'balance', w.balance,
				'required', amount,
				'shortfall', greatest(amount - w.balance, 0))::text end,
		false, w.revision
		into a
		from wallets w where w.user_id = check_credits.user_id;
	return a;
end
$$;
