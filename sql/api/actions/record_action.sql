-- POST /api/actions: note what a user did; its type says which counters move.
create or replace function florin_api.record_action(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	action_type text, target text, metadata jsonb)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	t action_types;
	r user_action_records;
	a answer;
begin
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	select * into t from action_types c
		where c.action_type = record_action.action_type;
	if not found then
		perform refuse('unknown_action_type');
	end if;
	insert into user_action_records
		(user_id, id, action_type, target, metadata, created_at)
		values (w.user_id, new_id(w.last_effective_at), action_type, target,
		metadata, w.last_effective_at)
		returning * into r;
	call count_activity(w, t.counters);

	perform log_operation(caller, user_id, 'record_action', null,
		action_json(r)::jsonb, null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 201,
		json_build_object('action', action_json(r),
			'stats', user_stats(user_id))::text);
end
$$;
