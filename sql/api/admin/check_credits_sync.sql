-- POST /api/admin/checks/credits-sync: the invariants of one user, or of a
-- page of users in order of their ids.  `repair` sets cached columns anew from
-- the ledger; the ledger itself is never touched.
create or replace function florin_admin.check_credits_sync(
	caller text, ip text, user_agent text,
	user_id text, repair boolean, reason text, "limit" bigint, cursor text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	page constant bigint := coalesce("limit", 100);
	after constant text := coalesce(cursor_key(cursor), '');
	users_checked text[];
	problems json;
	repaired bigint := 0;
	uid text;
begin
	if user_id is not null then
		perform touch(user_id, caller);
		users_checked := array[user_id];
	else
		users_checked := array(select u.user_id from users u
			where u.user_id > after order by u.user_id limit page);
	end if;
	select coalesce(json_agg(json_build_object('user_id', c.uid,
			'invariant', k.invariant, 'detail', k.detail)
			order by c.place), '[]')
		into problems
		from unnest(users_checked) with ordinality as c (uid, place),
			check_user(c.uid) k;
	if repair then
		for uid in
			select distinct p ->> 'user_id' from json_array_elements(problems) p
			order by 1
		loop
			repaired := repaired + repair_wallet(uid, caller, reason, ip,
				user_agent)::integer;
		end loop;
	end if;
	return (200, json_build_object(
		'checked', cardinality(users_checked),
		'problems', problems,
		'repaired', repaired,
		'next_cursor', case when user_id is null
			and cardinality(users_checked) = page
			then key_cursor(users_checked[page]) end)::text,
		false, null)::answer;
end
$$;
