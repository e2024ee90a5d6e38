-- POST /api/admin/memberships/{user_id}: what a paid order of the plan does.
create or replace function florin_admin.create_membership(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	plan text, period text, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	a answer;
	before jsonb;
	period_id text;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := membership_facts(w.user_id);

	call add_period(w, plan, period, null, null, caller, period_id);
	update memberships m set status = 'active' where m.user_id = w.user_id;
	w := save_wallet(w);

	perform log_membership(caller, w.user_id, 'create_membership', before,
		reason, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 200,
		membership_json(w.user_id)::text);
end
$$;
