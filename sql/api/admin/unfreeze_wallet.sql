-- POST /api/admin/users/{user_id}/unfreeze.
create or replace function florin_admin.unfreeze_wallet(
	caller text, user_id text, ip text, user_agent text, reason text)
returns florin.answer
language sql security definer
set search_path = florin, pg_temp
as $$
	select * from set_frozen(user_id, false, caller, 'unfreeze_wallet',
		reason, ip, user_agent)
$$;
