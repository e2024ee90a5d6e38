-- GET /api/credits: the wallet with its grants and the membership; with `at`
-- the balance of that moment.
create or replace function florin_api.get_credits(
	caller text, user_id text, known_revision bigint, at timestamptz)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	a answer;
begin
	perform touch(user_id, caller);
	if at is not null then
		return balance_at(user_id, at);
	end if;
	-- One statement, one snapshot: wallet and grants fit together.
	select case when w.revision = known_revision then 304 else 200 end,
		case when w.revision is distinct from known_revision then
			credits_text(w) end,
		false, w.revision
		into a
		from wallets w where w.user_id = get_credits.user_id;
	return a;
end
$$;
