-- POST /api/membership/cancel: no more renewals; what is paid still runs.
create or replace function florin_api.cancel_membership(
	caller text, user_id text, ip text, user_agent text)
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
	select * into m from memberships s
		where s.user_id = w.user_id and s.status <> 'expired';
	if not found then
		perform refuse('not_found');
	end if;
	if m.status = 'active' then
		before := membership_facts(w.user_id);
		update memberships s set status = 'cancelling'
			where s.user_id = w.user_id;
		w := save_wallet(w);
		perform log_membership(caller, w.user_id, 'cancel_membership', before,
			null, ip, user_agent);
	end if;
	return (200, membership_json(w.user_id)::text, false, w.revision)::answer;
end
$$;
