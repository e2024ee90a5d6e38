-- POST /api/payments/orders: an order of a package, or of a plan for a period.
-- Nothing is paid yet.
create or replace function florin_api.create_order(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	package_id text, plan text, period text, provider text, currency text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	o payment_orders;
	a answer;
begin
	if package_id is null and plan is null then
		perform refuse_field('package_id', 'required',
			'name a package, or a plan and its period');
	elsif package_id is not null and plan is not null then
		perform refuse_field('plan', 'choice',
			'an order is of a package or of a plan');
	elsif plan is null and period is not null then
		perform refuse_field('period', 'choice', 'only a plan has periods');
	elsif plan is not null and period is null then
		perform refuse_field('period', 'required', 'for how long?');
	end if;
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);

	o := case when plan is null then order_package(w, package_id, currency)
		else order_plan(w, plan, period, currency) end;
	o.provider := provider;
	o := insert_order(w, o, caller);

	perform log_operation(caller, user_id, 'create_order', null,
		order_json(o, w.last_effective_at)::jsonb, null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 201,
		json_build_object('order', order_json(o, w.last_effective_at))::text);
end
$$;
