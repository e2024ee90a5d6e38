-- The balance of a moment (a binary search) against a naive sum, on random
-- ledgers.
begin;
select no_plan();
select setseed(0.42);

-- Random operations with random steps of time; many rows share a moment.
create procedure pg_temp.live(uid text, steps integer)
language plpgsql as $$
begin
	perform t.register(uid);
	for i in 1..steps loop
		if random() < 0.6 then
			perform t.sleep(make_interval(secs => (random() * 7200)::integer));
		end if;
		case (random() * 3)::integer
		when 0 then
			perform t.give(uid, 1 + (random() * 20)::integer,
				expires_at => t.now()
					+ make_interval(secs => 1 + (random() * 20000)::integer));
		when 1 then
			perform t.give(uid, 1 + (random() * 20)::integer);
		when 2 then
			perform t.fault(format('select t.consume(%L, %s)', uid,
				1 + (random() * 30)::integer));
		else
			perform t.fault(format('select t.refund(%L, %s, 1)', uid,
				1 + (random() * t.version(uid))::integer));
		end case;
	end loop;
end
$$;
do $$
begin
	for n in 0..12 loop
		call pg_temp.live('ba-' || n, n * 8);
	end loop;
end
$$;
select cmp_ok(count(*), '>', 300::bigint, 'enough rows')
	from florin.credit_transactions where user_id like 'ba-%';
select ok(count(distinct kind) >= 5, 'of all kinds')
	from florin.credit_transactions where user_id like 'ba-%';

-- At, just before and just after each row, and at random moments between.
create temp table moments as
	select u.user_id, m.moment from florin.users u, lateral (
		select effective_at + step as moment
		from florin.credit_transactions l,
			unnest(array['-1 us', '0', '1 us', '1 s']::interval[]) step
		where l.user_id = u.user_id
		union
		select w.updated_at - random() * (w.updated_at - u.created_at)
		from florin.wallets w, generate_series(1, 20)
		where w.user_id = u.user_id) m
	where u.user_id like 'ba-%' and m.moment <= t.now();
select is_empty($$
	select m.user_id, m.moment, naive.balance, b.answer
	from moments m, lateral (
		select coalesce(sum(amount), 0)::bigint as balance
		from florin.credit_transactions l
		where l.user_id = m.user_id and l.effective_at <= m.moment) naive,
	lateral (
		select (body::jsonb ->> 'balance')::bigint as answer
		from florin.balance_at(m.user_id, m.moment)) b
	where naive.balance is distinct from b.answer$$,
	format('%s moments: search and sum agree', (select count(*) from moments)));
select is(florin.seq_at('ba-1', 'infinity'), t.version('ba-1'),
	'seq_at: the last');
select is(florin.seq_at('ba-1', '-infinity'), 0::bigint, 'seq_at: none');
select is(florin.seq_at('ba-none', 'infinity'), 0::bigint,
	'seq_at: no ledger');
select t.all_well(user_id) from florin.users where user_id like 'ba-%';
select finish();
commit;
