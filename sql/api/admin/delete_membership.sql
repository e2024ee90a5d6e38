-- DELETE /api/admin/memberships/{user_id}: it ends now; remainder and queue
-- are dropped.  One that has ended stays as it is.
create or replace function florin_admin.delete_membership(
	caller text, user_id text, ip text, user_agent text, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	m memberships;
	before jsonb;
begin
	w := lock_wallet(user_id, caller);
	w := settle(w);
	select * into m from memberships s where s.user_id = w.user_id;
	if not found then
		perform refuse('not_found');
	end if;
	if m.status <> 'expired' then
		before := membership_facts(w.user_id);
		call close_membership(w, w.last_effective_at);
		w := save_wallet(w);
		perform log_membership(caller, w.user_id, 'delete_membership', before,
			reason, ip, user_agent);
	end if;
	return (200, membership_json(w.user_id)::text, false, w.revision)::answer;
end
$$;
