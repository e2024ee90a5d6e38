-- Claim the oldest queued task of these kinds of one user.  All null if the
-- user has none, or is busy and we may not wait: then nothing stays locked, so
-- that whoever looks on for another user waits for nobody with a lock in hand.
create or replace function florin.claim_task(
	uid text, kinds text[], by_worker text, lease interval, may_wait boolean)
returns florin.tasks
language plpgsql
as $$
declare
	w florin.wallets;
	k florin.tasks;
begin
	if may_wait then
		select * into w from florin.wallets where user_id = uid for update;
	else
		select * into w from florin.wallets where user_id = uid
			for update skip locked;
	end if;
	w.last_effective_at := greatest(florin.clock(), w.last_effective_at);
	w := florin.settle(w);
	update florin.tasks set status = 'running', attempts = attempts + 1,
		worker = by_worker,
		claim_token = replace(gen_random_uuid()::text, '-', ''),
		lease_expires_at = w.last_effective_at + lease
		where user_id = w.user_id and id = (
			select q.id from florin.tasks q
			where q.user_id = w.user_id and q.status = 'queued'
				and q.kind = any(kinds)
			order by q.id limit 1)
		returning * into k;
	if k.id is null then
		raise exception using errcode = 'FL001', message = 'nothing to claim';
	end if;
	call florin.wake_at(w, k.lease_expires_at);
	return k;
exception when sqlstate 'FL001' or lock_not_available then
	return null;
end
$$;

-- The oldest tasks of each kind that may be claimed: queued, or with a lease
-- that has ended.  Only candidates: nothing here is locked.
create or replace function florin.claimable(kinds text[], per_kind integer)
returns table (user_id text, created_at timestamptz)
language sql stable
as $$
	select c.user_id, c.created_at
	from unnest(kinds) as wanted (kind), lateral (
		(select q.user_id, q.created_at from florin.tasks q
		where q.status = 'queued' and q.kind = wanted.kind
		order by q.created_at limit per_kind)
		union all
		(select r.user_id, r.created_at from florin.tasks r
		where r.status = 'running' and r.kind = wanted.kind
			and r.lease_expires_at <= (select florin.clock())
			and r.attempts < r.max_attempts
		order by r.lease_expires_at limit per_kind)
	) c
$$;
