-- POST /api/tasks: paid work.  Its price, or what a service says that it costs,
-- is taken in the same transaction; the rows name each other.
create or replace function florin_api.create_task(
	caller text, user_id text, idempotency_key text, request_hash bytea,
	ip text, user_agent text,
	kind text, input jsonb, cost bigint)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	w wallets;
	before wallets;
	p task_prices;
	k tasks;
	t credit_transactions;
	a answer;
begin
	if cost is not null and caller not like 'service:%' then
		perform refuse_field('cost', 'unknown', 'only a service says the cost');
	end if;
	w := lock_wallet(user_id, caller);
	a := replay(user_id, caller, idempotency_key, request_hash);
	if a.status is not null then
		return a;
	end if;
	w := settle(w);
	before := w;
	select * into p from task_prices c where c.kind = create_task.kind;
	if p.kind is null and cost is null then
		perform refuse('unknown_task_kind');
	end if;
	perform refuse_frozen(w, caller);
	perform require_plan(user_id, p.min_plan);

	k.kind := kind;
	k.input := input;
	k.cost := coalesce(cost, p.cost);
	k.max_attempts := setting('max_attempts')::integer;
	call make_task(w, k, t, caller);
	if t.seq is not null then
		w := save_wallet(w);
	end if;

	perform log_operation(caller, user_id, 'create_task',
		wallet_facts(before), wallet_facts(w), null, ip, user_agent);
	return answer(w, caller, idempotency_key, request_hash, 201,
		task_answer(w, k, t));
end
$$;
