-- GET /api/membership: the membership with the balance.
create or replace function florin_api.get_membership(
	caller text, user_id text, known_revision bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	a answer;
begin
	perform touch(user_id, caller);
	select case when w.revision = known_revision then 304 else 200 end,
		(membership_json(w.user_id)::jsonb
			|| jsonb_build_object('balance', w.balance))::text,
		false, w.revision
		into a
		from wallets w where w.user_id = get_membership.user_id;
	return a;
end
$$;
