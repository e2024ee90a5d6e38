-- POST /api/admin/users/{user_id}/freeze.
create or replace function florin_admin.freeze_wallet(
	caller text, user_id text, ip text, user_agent text, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from set_frozen(user_id, true, caller, 'freeze_wallet',
		reason, ip, user_agent)
$$;
