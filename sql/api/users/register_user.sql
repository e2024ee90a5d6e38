-- POST /api/users: user, wallet, stats and first credits; a user that exists
-- is answered as it is and gets nothing.
create or replace function florin_api.register_user(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	email text, display_name text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	a answer;
	created constant boolean :=
		create_user(user_id, email, display_name, caller);
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	if created then
		perform log_operation(caller, user_id, 'register_user', null,
			wallet_facts(w), null, ip, user_agent);
	end if;
	return answer(w, caller, idempotency_key, request_hash,
		case when created then 201 else 200 end,
		json_build_object(
			'user', (select user_json(u) from users u
				where u.user_id = w.user_id),
			'wallet', wallet_json(w),
			'stats', (select stats_json(s) from stats s
				where s.user_id = w.user_id),
			'transaction', (select transaction_json(t)
				from credit_transactions t
				where created and t.user_id = w.user_id and t.seq = 1))::text);
end
$$;
