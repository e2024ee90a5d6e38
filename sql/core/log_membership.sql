-- What of a membership an operation may change: for before and after.
create or replace function florin.membership_facts(uid text) returns jsonb
language sql stable
as $$ select florin.membership_json(uid)::jsonb $$;

-- Each change of a membership is noted, whoever made it: an admin under its
-- name, a payment as payment:<order>, everything else as system.
create or replace function florin.log_membership(
	caller text, uid text, operation text, before jsonb, reason text,
	ip text, user_agent text)
returns void
language sql
as $$
	insert into florin.admin_operation_logs
		(user_id, id, operator, operation, before, after, reason, ip,
		user_agent, outcome, created_at)
	select uid, florin.new_id(florin.clock()),
		case when caller ~ '^(admin|payment):' then caller else 'system' end,
		operation, before, florin.membership_facts(uid), reason, ip,
		user_agent, 'done', florin.clock()
$$;
