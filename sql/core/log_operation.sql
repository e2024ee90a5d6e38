-- Note what an admin did, in the operation's own transaction.  Other callers
-- leave no trace here.  `user_id` is '' where the site itself is the object.
create or replace function florin.log_operation(
	caller text, uid text, operation text, before jsonb, after jsonb,
	reason text, ip text, user_agent text, outcome text default 'done')
returns void
language plpgsql
as $$
begin
	if caller not like 'admin:%' then
		return;
	end if;
	insert into florin.admin_operation_logs
		(user_id, id, operator, operation, before, after, reason, ip,
		user_agent, outcome, created_at)
		values (uid, florin.new_id(florin.clock()), caller, operation, before,
		after, reason, ip, user_agent, outcome, florin.clock());
end
$$;

-- The same for an operation on a wallet, with what it changed.
create or replace function florin.log_wallet_operation(
	caller text, operation text, before florin.wallets, after florin.wallets,
	reason text, ip text, user_agent text)
returns void
language plpgsql
as $$
begin
	if caller not like 'admin:%' then
		return;
	end if;
	perform florin.log_operation(caller, after.user_id, operation,
		florin.wallet_facts(before), florin.wallet_facts(after), reason, ip,
		user_agent);
end
$$;

-- What of a wallet an operation may change: for before and after.
create or replace function florin.wallet_facts(w florin.wallets)
returns jsonb
language sql stable
as $$
	select jsonb_build_object(
		'balance', w.balance,
		'held', w.held,
		'frozen', w.frozen,
		'version', w.version)
$$;
