-- Paid work.

-- Make the task k (kind, cost, max_attempts and, if any, feature, input,
-- status, attempts, claim) and take what it costs by the row t; a task that
-- costs nothing writes none: then t.seq stays null.  The caller saves w.
create or replace procedure florin.make_task(
	inout w florin.wallets, inout k florin.tasks,
	inout t florin.credit_transactions, caller text)
language plpgsql
as $$
begin
	k.user_id := w.user_id;
	k.id := florin.new_id(w.last_effective_at);
	k.status := coalesce(k.status, 'queued');
	k.attempts := coalesce(k.attempts, 0);
	k.created_by := caller;
	k.created_at := w.last_effective_at;
	if k.cost > 0 then
		t.kind := 'consume';
		t.amount := -k.cost;
		t.reason := k.kind;
		t.reference_type := 'task';
		t.reference_id := k.id;
		t.actor := caller;
		t.draws := florin.draw(w, k.cost);
		call florin.post(w, t);
		k.transaction_id := t.seq;
	end if;
	insert into florin.tasks select k.*;
	call florin.count_activity(w, array['task_count']);
end
$$;

-- The task ends.  One that did not succeed gives back, by the row t, what was
-- not refunded before; t.seq stays null if that is nothing.
create or replace procedure florin.end_task(
	inout w florin.wallets, inout k florin.tasks,
	inout t florin.credit_transactions,
	new_status text, ended_by text, with_grace boolean, moment timestamptz)
language plpgsql
as $$
declare
	taken florin.credit_transactions;
	returned bigint;
begin
	if new_status <> 'succeeded' and k.transaction_id is not null then
		select * into strict taken from florin.credit_transactions
			where user_id = k.user_id and seq = k.transaction_id;
		returned := florin.refunded(taken);
		if returned < k.cost then
			t.kind := 'refund';
			t.amount := k.cost - returned;
			t.reason := 'task ' || new_status;
			t.reference_type := 'transaction';
			t.reference_id := k.transaction_id::text;
			t.actor := ended_by;
			t.effective_at := moment;
			call florin.return_credits(w, t, taken, returned, with_grace);
			k.refund_transaction_id := t.seq;
		end if;
	end if;
	k.status := new_status;
	k.finished_at := moment;
	k.lease_expires_at := null;
	update florin.tasks set status = k.status, result = k.result,
		error = k.error, refund_transaction_id = k.refund_transaction_id,
		claim_token = k.claim_token, finished_at = k.finished_at,
		lease_expires_at = null
		where user_id = k.user_id and id = k.id;
end
$$;

-- A task as it is shown where nothing is settled: a lease that is over by
-- `moment` has ended it, or given it back to the queue.
create or replace function florin.task_at(k florin.tasks, moment timestamptz)
returns florin.tasks
language plpgsql immutable
as $$
begin
	if k.status = 'running' and k.lease_expires_at <= moment then
		k.status := case when k.attempts < k.max_attempts
			then 'queued' else 'failed' end;
		k.error := case k.status when 'failed' then '"lease_lost"' end;
		k.finished_at := case k.status when 'failed'
			then k.lease_expires_at end;
	end if;
	return k;
end
$$;

-- A lease has ended and nobody said how the work went: somebody else may try,
-- unless too many have.
create or replace procedure florin.end_lease(
	inout w florin.wallets, task_id text, moment timestamptz)
language plpgsql
as $$
declare
	k florin.tasks;
	t florin.credit_transactions;
begin
	select * into strict k from florin.tasks
		where user_id = w.user_id and id = task_id;
	if k.attempts < k.max_attempts then
		update florin.tasks set status = 'queued', claim_token = null,
			lease_expires_at = null
			where user_id = k.user_id and id = k.id;
		return;
	end if;
	k.claim_token := null;
	k.error := '"lease_lost"';
	call florin.end_task(w, k, t, 'failed', 'system', true, moment);
end
$$;

-- The running task that a claim names, in a wallet that is locked and settled.
-- A claim that ended it is told so, any other has lost its lease.
create or replace function florin.expect_claim(
	uid text, task_id text, token text)
returns florin.tasks
language plpgsql
as $$
declare
	k florin.tasks;
begin
	k := florin.expect_task(uid, task_id);
	if k.claim_token = token and k.status = 'running' then
		return k;
	end if;
	perform florin.refuse(
		case when k.finished_at is not null
			and (k.claim_token = token or k.attempts = 0)
			then 'task_closed' else 'lease_lost' end,
		jsonb_build_object('task', florin.task_json(k)));
end
$$;

create or replace function florin.expect_task(uid text, task_id text)
returns florin.tasks
language plpgsql
as $$
declare
	k florin.tasks;
begin
	select * into k from florin.tasks where user_id = uid and id = task_id;
	if not found then
		perform florin.refuse('not_found');
	end if;
	return k;
end
$$;
