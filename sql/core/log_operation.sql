-- Note what an admin did, in the operation's own transaction.  Other callers
-- leave no trace here.  `user_id` is '' where the site itself is the object.
create or replace function florin.log_operation(
	caller text, uid text, operation text, before jsonb, after jsonb,
	reason text, ip text, user_agent text, outcome text default 'done')
returns void
language sql
as $$
	insert into florin.admin_operation_logs
		(user_id, id, operator, operation, before, after, reason, ip,
		user_agent, outcome, created_at)
	select uid, florin.new_id(florin.clock()), caller, operation, before,
		after, reason, ip, user_agent, outcome, florin.clock()
	where caller like 'admin:%'
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
