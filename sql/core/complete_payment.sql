-- A payment for an order, whatever its state, both locked.  `verdict` is
--   completed         credited now
--   repeated          this very payment was credited before: nothing to do
--   payment_mismatch  provider, amount or currency differ: an alert
--   order_closed      real money that has no place: noted as unmatched, alert
create or replace procedure florin.complete_payment(
	inout w florin.wallets, inout o florin.payment_orders,
	paid florin.payment, actor text, inout verdict text)
language plpgsql
as $$
declare
	fits constant boolean := (paid.provider, paid.amount, paid.currency)
		is not distinct from (o.provider, o.amount, o.currency);
	is_known constant boolean := exists (
		select from florin.payment_references r
		where r.provider = paid.provider and r.reference = any (paid.references)
			and r.owner = o.user_id and r.order_id = o.id and r.matched);
begin
	if not fits and (is_known or o.paid_at is null
			or paid.provider <> o.provider) then
		verdict := 'payment_mismatch';
		perform florin.alert_payment(o, paid, verdict);
		return;
	elsif is_known then
		verdict := 'repeated';
		return;
	end if;
	verdict := 'order_closed';
	if florin.claim_references(o, paid, o.paid_at is null)
			and o.paid_at is null then
		call florin.try_credit_order(w, o, paid, actor, verdict);
	end if;
	if verdict <> 'completed' then
		perform florin.alert_payment(o, paid, verdict);
	end if;
end
$$;

-- Credit an order whose references are claimed.  Where the balance's limit
-- stands in the way, the money is noted and nothing is credited.
create or replace procedure florin.try_credit_order(
	inout w florin.wallets, inout o florin.payment_orders,
	paid florin.payment, actor text, inout verdict text)
language plpgsql
as $$
declare
	w_before constant florin.wallets := w;
	o_before constant florin.payment_orders := o;
begin
	o.provider_reference := paid.references[1];
	call florin.credit_order(w, o, actor);
	call florin.save_order(o);
	w := florin.save_wallet(w);
	verdict := 'completed';
exception when sqlstate 'FL000' then
	if sqlerrm <> 'balance_limit' then
		raise;
	end if;
	w := w_before;
	o := o_before;
	update florin.payment_references r set matched = false
		where r.provider = paid.provider
			and r.reference = any (paid.references || paid.aliases)
			and r.owner = o.user_id and r.order_id = o.id;
end
$$;

-- Note a payment's references as this order's.  False if one of them is
-- another order's, then none is.  In order of the text: two that claim the
-- same ones never wait for each other in a circle.
create or replace function florin.claim_references(
	o florin.payment_orders, paid florin.payment, is_match boolean)
returns boolean
language plpgsql
as $$
declare
	name text;
	claimed text;
	is_ours boolean := true;
begin
	for name in
		select distinct n collate "C"
		from unnest(paid.references || paid.aliases) n where n is not null
		order by 1
	loop
		insert into florin.payment_references as r
			(reference, provider, owner, order_id, matched, amount,
			currency, created_at)
			values (name, paid.provider, o.user_id, o.id, is_match,
			paid.amount, paid.currency, florin.clock())
			on conflict (reference, provider) do update set
				owner = excluded.owner, order_id = excluded.order_id,
				matched = excluded.matched, amount = excluded.amount,
				currency = excluded.currency
			where r.order_id = ''
				or (r.order_id = o.id and not r.matched)
			returning order_id into claimed;
		if claimed is null and name <> all (coalesce(paid.aliases, '{}')) then
			is_ours := false;
		end if;
	end loop;
	if not is_ours and is_match then
		update florin.payment_references r set matched = false
			where r.provider = paid.provider
				and r.reference = any (paid.references || paid.aliases)
				and r.order_id = o.id;
	end if;
	return is_ours;
end
$$;

create or replace function florin.alert_payment(
	o florin.payment_orders, paid florin.payment, verdict text)
returns void
language sql
as $$
	select florin.raise_alert('security',
		case verdict when 'payment_mismatch' then verdict
			else 'unmatched_payment' end,
		'critical', o.user_id,
		format('%s %s', o.id, paid.references[1]),
		format('order %s (%s, %s %s by %s): payment %s of %s %s by %s%s',
			o.id, o.status, o.amount, o.currency, o.provider,
			paid.references[1], paid.amount, paid.currency, paid.provider,
			case verdict when 'payment_mismatch'
				then ' does not match: nothing credited'
				else ' is unmatched: nothing credited' end))
$$;
