-- A refused operation of an admin leaves a trace, in a transaction of its
-- own: the operation's is undone.  Secrets in its body are left out.
create or replace function florin_api.record_refusal(
	caller text, user_id text, ip text, user_agent text,
	operation text, arguments jsonb, reason text, code text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform log_operation(caller, coalesce(user_id, ''), operation, null,
		arguments - array['code', 'secret', 'claim_token'], reason, ip,
		user_agent, code);
	return (204, null, false, null)::answer;
end
$$;
