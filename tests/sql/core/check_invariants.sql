-- florin.check_user sees each corruption, and only where there is one.
begin;
select no_plan();

select t.register('ci-1'), t.register('ci-2'), t.register('ci-3');
select t.give('ci-1', 10, expires_at => t.now() + '1 d');
select t.consume('ci-1', 30, 'k');
select t.refund('ci-1', 3, 5);
select t.give('ci-1', 7, 'compensation'), t.give('ci-1', 7, 'compensation');
select t.give('ci-1', 1, expires_at => t.now() + '2 d');
select t.all_well('ci-1');

-- What a corruption must be seen as; {u} is the user.  Constraints and
-- triggers are off, as after a restore that went wrong.
create temp table corruptions (invariant text, change text);
insert into corruptions values
	('user', 'delete from florin.wallets where {u}'),
	('user', 'delete from florin.stats where {u}'),
	('user', 'delete from florin.users where {u}'),
	('balance', 'update florin.wallets set balance = balance + 1 where {u}'),
	('balance', 'update florin.wallets set balance = -1 where {u}'),
	('balance', 'update florin.grants set remaining = remaining - 1
		where {u} and id = 1'),
	('balance', 'update florin.grants set remaining = remaining - 1,
		amount = amount - 1 where {u} and id = 1'),
	('balance', 'delete from florin.grants where {u} and id = 1'),
	('balance', 'delete from florin.credit_transactions
		where {u} and seq = 7'),
	('balance', 'update florin.credit_transactions set amount = -29
		where {u} and seq = 3'),
	('held', 'update florin.wallets set held = 1 where {u}'),
	('hold', 'insert into florin.holds (user_id, id, amount, created_by,
		transaction_id, created_at, expires_at)
		select user_id, ''x'', 5, ''user'', 2, now(), ''infinity''
		from florin.wallets where {u}'),
	('balance_after', 'update florin.credit_transactions
		set balance_after = balance_after + 1 where {u} and seq = 3'),
	('balance_after', 'update florin.credit_transactions
		set balance_after = 1 where {u} and seq = 1'),
	('seq', 'update florin.wallets set version = version + 1 where {u}'),
	('seq', 'update florin.wallets set version = version - 1 where {u}'),
	('seq', 'update florin.credit_transactions set seq = seq + 1
		where {u} and seq = 7'),
	('seq', 'delete from florin.credit_transactions where {u} and seq = 3'),
	('time', 'update florin.credit_transactions
		set effective_at = effective_at - interval ''1 h''
		where {u} and seq = 3'),
	('time', 'update florin.credit_transactions
		set created_at = created_at - interval ''1 h''
		where {u} and seq = 3'),
	('time', 'update florin.credit_transactions
		set effective_at = created_at + interval ''1 us''
		where {u} and seq = 6'),
	('time', 'update florin.wallets
		set last_effective_at = last_effective_at - interval ''1 h''
		where {u}'),
	('totals', 'update florin.wallets set total_spent = total_spent + 1
		where {u}'),
	('totals', 'update florin.wallets set total_granted = 0 where {u}'),
	('draws', 'update florin.credit_transactions set draws = ''[]''
		where {u} and seq = 3'),
	('draws', 'update florin.credit_transactions
		set draws = jsonb_set(draws, ''{0,amount}'', ''9'')
		where {u} and seq = 3'),
	('grant', 'update florin.credit_transactions
		set draws = jsonb_set(draws, ''{0,grant_id}'', ''3'')
		where {u} and seq = 3'),
	('grant', 'update florin.credit_transactions
		set draws = jsonb_set(draws, ''{0,grant_id}'', ''99'')
		where {u} and seq = 3'),
	('grant', 'update florin.credit_transactions set draws = draws
		|| ''[{"grant_id": 2, "source": "bonus", "amount": -1},
			{"grant_id": 2, "source": "bonus", "amount": 1}]''
		where {u} and seq = 3'),
	('grant', 'update florin.grants set remaining = remaining
		+ case id when 1 then 1 else -1 end where {u} and id in (1, 3)'),
	('grant', 'update florin.grants set amount = amount + 1
		where {u} and id = 1'),
	('grant', 'update florin.grants set amount = remaining - 1
		where {u} and id = 4'),
	('grant', 'update florin.grants set live = false where {u} and id = 1'),
	('reference', 'update florin.credit_transactions set reference_id = null
		where {u} and kind = ''refund'''),
	('grant', 'update florin.wallets set grants_made = 2 where {u}'),
	('grant', 'update florin.grants
		set expires_at = (select updated_at from florin.wallets where {u})
		where {u} and id = 1'),
	('grant', 'insert into florin.grants select user_id, 9, source, 5, 0,
		priority, category, effective_at, null, false, false
		from florin.grants where {u} and id = 1'),
	('refund', 'update florin.credit_transactions set reference_id = ''1''
		where {u} and kind = ''refund'''),
	('refund', 'update florin.credit_transactions set reference_id = ''99''
		where {u} and kind = ''refund'''),
	('refund', 'update florin.credit_transactions set amount = 31
		where {u} and kind = ''refund'''),
	('next_due_at', 'update florin.wallets set next_due_at = null
		where {u}'),
	('next_due_at', 'update florin.wallets
		set next_due_at = (select expires_at + interval ''1 us''
		from florin.grants where {u} and id = 4) where {u}'),
	('chain', 'update florin.credit_transactions set actor = ''x''
		where {u} and seq = 2'),
	('chain', 'update florin.wallets set head_hash = ''\x00'' where {u}'),
	('idempotency', 'update florin.idempotency_keys set version = 99
		where {u}');

-- Apply one, see what the check says, undo it.
create function pg_temp.seen(change text) returns text[]
language plpgsql as $$
declare
	found text[];
	rows bigint;
begin
	begin
		execute replace(change, '{u}', 'user_id = ''ci-1''');
		get diagnostics rows = row_count;
		if rows = 0 then
			raise exception 'changed nothing: %', change;
		end if;
		found := array(select distinct invariant
			from florin.check_user('ci-1'));
		if exists (select from florin.check_user('ci-2')) then
			found := found || 'another user'::text;
		end if;
		raise exception using errcode = 'XX998';
	exception when sqlstate 'XX998' then
		return found;
	end;
end
$$;
alter table florin.credit_transactions disable trigger user;
do $$
declare
	c record;
begin
	for c in select conrelid::regclass as place, conname as name
		from pg_constraint where contype in ('c', 'f') and conrelid <> 0
			and connamespace = 'florin'::regnamespace
	loop
		execute format('alter table %s drop constraint %I', c.place, c.name);
	end loop;
	alter domain florin.credits drop constraint credits_check;
end
$$;
select ok(pg_temp.seen(change) @> array[invariant]
		and not pg_temp.seen(change) @> array['another user'],
	invariant || ': ' || regexp_replace(change, '\s+', ' ', 'g'))
	from corruptions;
select t.all_well('ci-1');

-- Each kind of problem that the function can tell was seen.
select is(array(select distinct invariant from corruptions order by 1),
	array(select distinct m[1] from regexp_matches(
		pg_get_functiondef('florin.check_user(text)'::regprocedure),
		'^\tselect ''([a-z_]+)'',', 'gn') m order by 1),
	'every invariant of the function was broken once');

-- Pages, and all.
create temp table broken as select change, invariant from corruptions limit 0;
update florin.wallets set balance = balance + 1 where user_id = 'ci-2';
update florin.wallets set held = 1 where user_id = 'ci-3';
select results_eq($$select user_id, invariant
	from florin.check_invariants() where user_id like 'ci-%'$$,
	$$values ('ci-2', 'balance'), ('ci-3', 'held')$$, 'all users');
select results_eq($$select user_id from florin.check_invariants('ci-1', 1)$$,
	$$values ('ci-2')$$, 'a page of one user');
select results_eq($$select user_id from florin.check_invariants('ci-2', 1)$$,
	$$values ('ci-3')$$, 'the next');
select is_empty($$select * from florin.check_invariants('ci-3', 0)$$,
	'a page of nobody');

-- Rows of nobody.
select is_empty('select * from florin.check_orphans()', 'no orphans');
insert into florin.idempotency_keys values ('ghost', 'user', 'k', '\x', 200,
	'', 1, t.now());
insert into florin.credit_transactions select 'phantom', seq, kind, amount,
	balance_after, draws, reason, reason_hash, reference_type, reference_id,
	actor, created_at, effective_at, prev_hash, hash
	from florin.credit_transactions where user_id = 'ci-1' and seq = 1;
select results_eq('select user_id, invariant, detail from
	florin.check_orphans() order by 1', $$values ('ghost', 'user',
	'rows of no user'), ('phantom', 'user', 'rows of no user')$$,
	'a ledger and a key of nobody');
select ok(exists (select from florin.check_invariants()
	where user_id = 'ghost'), 'are told among all');
select ok(not exists (select from florin.check_invariants('', 10000)
	where user_id = 'ghost'), 'but not with a page');
select finish();
rollback;
