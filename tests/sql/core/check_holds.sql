-- florin.check_user sees what is wrong with holds.
select no_plan();

select t.register('ch-1');
select t.hold('ch-1', 10);
select t.capture('ch-1', t.hold_id('ch-1'), 4);
select t.refund('ch-1', 2, 3);
select t.hold('ch-1', 5);
select t.all_well('ch-1');

-- What check_user says after a change, which is undone.
create function pg_temp.after(change text) returns text[]
language plpgsql as $$
declare
	found text[];
begin
	set session_replication_role = replica;
	execute change;
	found := array(select distinct invariant
		from florin.check_user('ch-1') order by 1);
	raise exception using errcode = 'XX997', message = found::text;
exception when sqlstate 'XX997' then
	return sqlerrm::text[];
end
$$;
create function pg_temp.finds(change text, wanted text[]) returns text
language sql as $$
	select is(pg_temp.after(change), wanted,
		regexp_replace(change, '\s+', ' ', 'g'))
$$;

select pg_temp.finds('select', '{}');
select pg_temp.finds($$update florin.wallets set held = held + 1
	where user_id = 'ch-1'$$, '{held}');
select pg_temp.finds($$update florin.wallets set next_due_at = null
	where user_id = 'ch-1'$$, '{next_due_at}');
select pg_temp.finds($$update florin.holds set amount = 6
	where user_id = 'ch-1' and status = 'open'$$, '{held,hold}');
select pg_temp.finds($$update florin.holds set captured = 5
	where user_id = 'ch-1' and status = 'captured'$$, '{hold,totals}');
select pg_temp.finds($$update florin.holds set captured = 2
	where user_id = 'ch-1' and status = 'captured'$$,
	'{hold,refund,totals}');
select pg_temp.finds($$update florin.holds set status = 'released',
	captured = 0 where user_id = 'ch-1' and status = 'captured'$$,
	'{hold,refund,totals}');
select pg_temp.finds($$update florin.holds set status = 'released',
	ended_at = created_at where user_id = 'ch-1' and status = 'open'$$,
	'{held,hold}');
select pg_temp.finds($$update florin.holds set expires_at = created_at + '1 us'
	where user_id = 'ch-1' and status = 'open';
	update florin.wallets set updated_at = updated_at + '1 s'
	where user_id = 'ch-1'$$, '{hold,next_due_at}');
select pg_temp.finds($$update florin.holds set transaction_id = 1
	where user_id = 'ch-1' and status = 'open'$$, '{hold}');
select pg_temp.finds($$delete from florin.holds
	where user_id = 'ch-1' and status = 'open'$$, '{held,hold}');
select pg_temp.finds($$insert into florin.holds (user_id, id, amount,
	created_by, transaction_id, created_at, expires_at)
	select user_id, 'x', 5, 'user', 5, created_at, expires_at
	from florin.holds where user_id = 'ch-1' and status = 'open'$$,
	'{held,hold}');
select pg_temp.finds($$insert into florin.credit_transactions
	select user_id, seq + 4, kind, amount, balance_after, draws, reason,
	reason_hash, reference_type, reference_id, actor, created_at,
	effective_at, prev_hash, hash from florin.credit_transactions
	where user_id = 'ch-1' and seq = 2$$,
	array['balance', 'balance_after', 'chain', 'grant', 'hold', 'seq',
	'time']);
select t.all_well('ch-1');
select finish();
