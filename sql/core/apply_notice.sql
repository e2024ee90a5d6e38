-- A notice is applied by what the program read in it, its facts:
--   what        paid, renewed, refunded, disputed, dispute_won, none
--   order_id    as the provider gave it back to us, if it did
--   references  of the payment; the first is its own
--   aliases     lead to the order, are not the payment (a subscription)
--   amount, currency
--   refund      of money that went back: its reference
--   so_far      true if amount is all that went back up to now

-- Whose order a notice is about: by its references, then as it says itself,
-- then by aliases.  All null: not known.  With money that went back, a payment
-- that was never matched leads nowhere (order_id '').
create or replace function florin.find_order(n florin.payment_notices)
returns florin.order_directory
language plpgsql stable
as $$
declare
	d florin.order_directory;
	r florin.payment_references;
begin
	if n.facts ->> 'what' in ('refunded', 'disputed', 'dispute_won') then
		select * into r from florin.payment_references p
			where p.provider = n.provider and p.order_id <> ''
				and p.reference in (
					select jsonb_array_elements_text(n.facts -> 'references'))
			order by p.matched desc limit 1;
		if r.reference is not null then
			d.owner := r.owner;
			d.order_id := case when r.matched then r.order_id else '' end;
			return d;
		end if;
	end if;
	select * into d from florin.order_directory o
		where o.order_id = n.facts ->> 'order_id';
	if d.order_id is null then
		select p.order_id, p.owner into d
			from florin.payment_references p
			where p.provider = n.provider and p.matched
				and p.reference in (
					select jsonb_array_elements_text(n.facts -> 'aliases'));
	end if;
	return d;
end
$$;

-- Money that went back before its payment was told: the notice waits at the
-- payment's reference.  False if the payment arrived meanwhile.
create or replace function florin.wait_for_payment(n florin.payment_notices)
returns boolean
language plpgsql
as $$
begin
	insert into florin.payment_references (reference, provider, owner,
			order_id, matched, created_at)
		values (n.facts #>> '{references,0}', n.provider, '', '', false,
			florin.clock())
		on conflict (reference, provider) do update
			set matched = florin.payment_references.matched
			where florin.payment_references.order_id = '';
	if not found then
		return false;
	end if;
	update florin.payment_notices set reference = n.facts #>> '{references,0}'
		where event_id = n.event_id and provider = n.provider;
	return true;
end
$$;

-- Note what became of a notice.
create or replace function florin.end_notice(
	n florin.payment_notices, uid text, new_outcome text)
returns void
language sql
as $$
	update florin.payment_notices set
		outcome = new_outcome, owner = uid, attempts = attempts + 1,
		applied_at = florin.clock()
		where event_id = n.event_id and provider = n.provider
$$;

-- A notice about an order, both locked with the wallet.
create or replace procedure florin.apply_facts(
	inout w florin.wallets, inout o florin.payment_orders,
	n florin.payment_notices, actor text, inout verdict text)
language plpgsql
as $$
declare
	paid constant florin.payment := row(n.provider,
		array(select jsonb_array_elements_text(n.facts -> 'references')),
		array(select jsonb_array_elements_text(n.facts -> 'aliases')),
		(n.facts ->> 'amount')::bigint, n.facts ->> 'currency');
begin
	if n.facts ->> 'what' = 'renewed' and exists (
			select from florin.payment_references r
			where r.provider = n.provider and r.owner = o.user_id and r.matched
				and r.reference = any (paid.references)) then
		verdict := 'repeated';
	elsif n.facts ->> 'what' = 'renewed' and o.paid_at is not null then
		call florin.renew_plan_order(w, o, paid, actor, verdict);
	elsif n.facts ->> 'what' in ('paid', 'renewed') then
		call florin.complete_payment(w, o, paid, actor, verdict);
		if verdict = 'completed' then
			call florin.apply_waiting(w, o, actor);
		end if;
	else
		call florin.apply_money_back(w, o, n.facts, actor);
		verdict := 'applied';
	end if;
end
$$;

-- Notices of money that went back before this payment was told.
create or replace procedure florin.apply_waiting(
	inout w florin.wallets, inout o florin.payment_orders, actor text)
language plpgsql
as $$
declare
	n florin.payment_notices;
	missing bigint;
	t florin.credit_transactions;
begin
	for n in
		select p.* from florin.payment_notices p
		where p.provider = o.provider and p.outcome = 'waiting'
			and p.reference in (
				select r.reference from florin.payment_references r
				where r.provider = o.provider and r.owner = o.user_id
					and r.order_id = o.id and r.reference = p.reference)
		order by p.received_at, p.event_id
	loop
		call florin.apply_money_back(w, o, n.facts, actor);
		perform florin.end_notice(n, o.user_id, 'applied');
	end loop;
	-- And what was told of the unpaid order by its own id.
	if o.refunded_amount = 0 and exists (
			select from florin.payment_refunds r
			where r.user_id = o.user_id and r.order_id = o.id
				and not r.reversed) then
		t.actor := actor;
		call florin.refund_payment(w, o, t, missing);
		w := florin.save_wallet(w);
	end if;
end
$$;

-- Money went back, is disputed, or came again by a dispute that was won.
-- Idempotent by state: each refund has its reference, or is a sum so far.
create or replace procedure florin.apply_money_back(
	inout w florin.wallets, inout o florin.payment_orders,
	facts jsonb, actor text)
language plpgsql
as $$
declare
	what constant text := facts ->> 'what';
	told constant bigint := (facts ->> 'amount')::bigint;
	version constant bigint := w.version;
	t florin.credit_transactions;
	missing bigint;
begin
	insert into florin.payment_refunds as r
		(user_id, order_id, reference, kind, amount, reversed, actor,
		created_at)
	select o.user_id, o.id, facts ->> 'refund'
			|| case when facts ->> 'so_far' = 'true' then ':' || told
				else '' end,
		case what when 'refunded' then 'refund' else 'dispute' end,
		case when facts ->> 'so_far' = 'true' then told - s.so_far
			else told end,
		what = 'dispute_won', actor, w.last_effective_at
	from (
		select coalesce(sum(p.amount), 0) as so_far
		from florin.payment_refunds p
		where p.user_id = o.user_id and p.order_id = o.id
			and p.kind = 'refund') s
	where facts ->> 'so_far' is distinct from 'true' or told > s.so_far
	on conflict (user_id, order_id, reference) do update set reversed = true
		where excluded.reversed and not r.reversed;
	if not found or o.paid_at is null then
		return;
	end if;
	t.actor := actor;
	call florin.refund_payment(w, o, t, missing);
	if w.version > version or o.plan is not null then
		w := florin.save_wallet(w);
	end if;
end
$$;

-- A notice whose order is not known.  Money that went back may be told before
-- its payment, or be of a payment that is not ours: it waits.  A payment that
-- names an order which is not there is an alert.  Null: look again.
create or replace function florin.unknown_order(n florin.payment_notices)
returns text
language plpgsql
as $$
begin
	if n.facts ->> 'what' in ('refunded', 'disputed', 'dispute_won')
			and n.facts #>> '{references,0}' is not null then
		return case when florin.wait_for_payment(n) then 'waiting' end;
	elsif n.facts ->> 'order_id' is null then
		return 'ignored';
	end if;
	perform florin.raise_alert('security', 'unmatched_payment', 'critical',
		'', format('%s %s', n.facts ->> 'order_id',
			n.facts #>> '{references,0}'),
		format('%s of %s %s by %s names order %s, which is not there',
			n.facts #>> '{references,0}', n.facts ->> 'amount',
			n.facts ->> 'currency', n.provider, n.facts ->> 'order_id'));
	return 'not_found';
end
$$;

create or replace function florin.notice_answer(verdict text)
returns florin.answer
language sql stable
as $$
	select case when verdict in ('payment_mismatch', 'not_found')
		then florin.refusal(verdict)
		else (200, json_build_object('received', true,
			'outcome', verdict)::text, false, null)::florin.answer end
$$;
