-- What happens to a user's wallet by itself next (all null: nothing).  At one
-- moment: end of a hold or a lease (1), period end (2), grant expiry (3),
-- period begin (4), quota (5), then what moves no credits (6).  One branch for
-- each kind of event; florin.settle applies it.  (In plpgsql, which keeps the
-- plan: a SQL function would make it anew in each transaction.)
create or replace function florin.next_event(uid text)
returns florin.due_event
language plpgsql stable
as $$
declare
	first florin.due_event;
begin
	select e.at, e.what, e.id into first from (
		select g.expires_at, 3, 'grant_expires', g.id::text
		from florin.grants g
		where g.user_id = uid and g.live and g.expires_at is not null
		union all
		select h.expires_at, 1, 'hold_expires', h.id
		from florin.holds h
		where h.user_id = uid and h.status = 'open'
		union all
		select k.lease_expires_at, 1, 'lease_ends', k.id
		from florin.tasks k
		where k.user_id = uid and k.status = 'running'
		union all
		select s.idle_at, 6, 'session_idle', s.id
		from florin.user_sessions s
		where s.user_id = uid
		union all
		select case p.state when 'running' then p.ends_at
				else p.starts_at end,
			case p.state when 'running' then 2 else 4 end,
			case p.state when 'running' then 'period_ends'
				else 'period_begins' end, p.id
		from florin.membership_periods p
		where p.user_id = uid and p.state in ('running', 'waiting')
		union all
		select m.next_reset_at, 5, 'quota', ''
		from florin.memberships m
		where m.user_id = uid and m.next_reset_at is not null
	) e (at, place, what, id)
	order by e.at, e.place, length(e.id), e.id
	limit 1;
	return first;
end
$$;
