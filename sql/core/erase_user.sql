-- `florinctl erase`: what can name a person goes, with all free text; amounts,
-- times, ids and the ledger's hashes stay.  Again it changes nothing.  Of the
-- e-mail a keyed hash stays, unless it shall not (forget_email): who signs up
-- with it again gets no second bonus.
create or replace function florin.erase_user(
	uid text, caller text, user_agent text, forget_email boolean)
returns void
language plpgsql
as $$
declare
	w florin.wallets := florin.lock_wallet(uid, caller);
begin
	w := florin.settle(w);
	insert into florin.erased_emails (email_hmac)
		select florin.email_hmac(u.email) from florin.users u
		where u.user_id = uid and u.email is not null and not forget_email
		on conflict do nothing;
	call florin.erase_notices(uid);
	call florin.erase_activity(uid);
	update florin.users set email = null, display_name = null
		where user_id = uid;
	update florin.credit_transactions set reason = null
		where user_id = uid and reason is not null;
	update florin.holds set reason = null where user_id = uid;
	update florin.payment_refunds set reason = null where user_id = uid;
	update florin.alerts set detail = null where user_id = uid;
	-- Answers hold what was asked; a repeat is told that it was done.
	update florin.idempotency_keys set body = null where user_id = uid;
	update florin.admin_operation_logs set before = null, after = null,
			reason = null, ip = null, user_agent = null
		where user_id = uid;
	delete from florin.import_rows where user_id = uid;
	w := florin.save_wallet(w);
	perform florin.log_operation(caller, uid, 'erase_user', null, null, null,
		null, user_agent);
end
$$;

-- What the user did and what was made for it.
create or replace procedure florin.erase_activity(uid text)
language plpgsql
as $$
begin
	update florin.tasks set input = null, result = null, error = null
		where user_id = uid;
	delete from florin.feature_answers where user_id = uid;
	-- A client is open once: its own id takes the place of its name.
	update florin.user_sessions set client = id, metadata = null
		where user_id = uid;
	update florin.session_records set client = '', metadata = null
		where user_id = uid;
	update florin.user_action_records set target = null, metadata = null
		where user_id = uid;
end
$$;

-- What providers told of the user's payments: of its own notices also what
-- the program read in them, which was done; and the raw text of those that
-- gave nothing to do (another event of a payment, with the payer's address)
-- but hold the user's e-mail, an order or a reference.
create or replace procedure florin.erase_notices(uid text)
language plpgsql
as $$
begin
	with word as (
		select u.email as plain from florin.users u where u.user_id = uid
		union select o.id from florin.payment_orders o where o.user_id = uid
		union select p.reference
			from florin.payment_notices o, lateral jsonb_array_elements_text(
				o.facts -> 'references') p (reference)
			where o.owner = uid and length(p.reference) >= 8
	), traced as (
		select lower(encode(convert_to(w.plain, 'UTF8'), 'escape')) as bytes
		from word w where w.plain is not null
	)
	update florin.payment_notices n set raw = null
		where n.owner is null and n.raw is not null and exists (
			select from traced t
			where strpos(lower(encode(n.raw, 'escape')), t.bytes) > 0);
	update florin.payment_notices
		set raw = null, facts = '{"what": "none"}' where owner = uid;
end
$$;
