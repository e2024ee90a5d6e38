-- GET /api/users/me, /api/users/{user_id}, /api/users?user_id=: all about one
-- user.
create or replace function florin_api.get_user(
	caller text, user_id text, known_revision bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	a answer;
begin
	perform touch(user_id, caller);
	-- The stats have a revision of their own: the sum rises with either.
	select case when w.revision + s.revision = known_revision
			then 304 else 200 end,
		case when w.revision + s.revision
				is distinct from known_revision then
			json_build_object(
				'user', user_json(u),
				'wallet', wallet_json(w),
				'membership', membership_json(w.user_id),
				'stats', stats_json(s))::text end,
		false, w.revision + s.revision
		into a
		from wallets w join users u using (user_id) join stats s using (user_id)
		where w.user_id = get_user.user_id;
	return a;
end
$$;
