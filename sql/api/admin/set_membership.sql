-- PUT /api/admin/memberships/{user_id}: make it so from now on.  What is so
-- already changes nothing.
create or replace function florin_admin.set_membership(
	caller text, user_id text, ip text, user_agent text,
	plan text, period text, expires_at timestamptz, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before jsonb;
	changed boolean;
begin
	w := lock_wallet(user_id, caller);
	w := settle(w);
	if expires_at <= w.last_effective_at then
		perform refuse_field('expires_at', 'range', 'must be in the future');
	end if;
	before := membership_facts(w.user_id);
	call replace_period(w, plan, period, expires_at, caller, changed);
	if changed then
		w := save_wallet(w);
		perform log_membership(caller, w.user_id, 'set_membership', before,
			reason, ip, user_agent);
	end if;
	return (200, membership_json(w.user_id)::text, false, w.revision)::answer;
end
$$;
