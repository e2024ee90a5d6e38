-- POST /api/payments/webhooks/{provider}: apply a notice that was recorded.
-- Again is the same: everything that it does is once per payment, refund and
-- dispute.  200 also where real money found no place: the provider cannot
-- help, an alert tells those who can.
create or replace function florin_api.apply_notice(
	caller text, provider text, event_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	n payment_notices;
	d order_directory;
	w wallets;
	o payment_orders;
	verdict text;
begin
	select * into n from payment_notices p
		where p.event_id = apply_notice.event_id
			and p.provider = apply_notice.provider;
	if not found then
		perform refuse('unavailable');
	elsif n.facts ->> 'what' = 'none' then
		perform end_notice(n, null, 'ignored');
		return notice_answer('ignored');
	end if;
	d := find_order(n);
	if d.order_id is null then
		verdict := unknown_order(n);
		d := case when verdict is null then find_order(n) end;
	elsif d.order_id = '' then
		verdict := 'ignored'; -- a payment that gave nothing went back
	end if;
	if verdict is null then
		w := lock_wallet(d.owner, caller);
		w := settle(w);
		o := lock_order(d.owner, d.order_id);
		call apply_facts(w, o, n, caller, verdict);
	end if;
	perform end_notice(n, d.owner, verdict);
	perform log_operation(caller, coalesce(d.owner, ''), 'apply_notice',
		null, jsonb_build_object('provider', provider, 'event', event_id,
			'outcome', verdict), null, null, null);
	return notice_answer(verdict);
end
$$;
