-- Each invariant of a membership is reported when it is broken.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('chm-1'),
	t.add_member('chm-1', 'lite', 'yearly'), t.add_member('chm-1', 'pro'),
	t.stop('2027-06-20'), t.membership('chm-1');
select t.all_well('chm-1');
create function pg_temp.broken(change text) returns text[]
language plpgsql as $$
declare
	found text[];
begin
	execute change;
	select array_agg(distinct invariant order by invariant) into found
		from florin.check_user('chm-1');
	raise exception using errcode = 'XX997',
		message = coalesce(found, '{}');
exception when sqlstate 'XX997' then
	return sqlerrm::text[];
end
$$;
select ok(wanted = any (pg_temp.broken(format(change, 'user_id = ''chm-1'''))),
	wanted || ': ' || regexp_replace(change, '\s+', ' ', 'g'))
	from (values
	('membership', 'update florin.memberships set status = ''expired''
		where %s'),
	('membership', 'update florin.memberships set expires_at = expires_at
		+ ''1 s'' where %s'),
	('membership', 'update florin.membership_periods set state = ''over''
		where %s and state = ''running'''),
	('membership', 'update florin.membership_periods set state = ''waiting''
		where %s and state = ''over'''),
	('membership', 'update florin.membership_periods set state = ''running''
		where %s'),
	('membership', 'with p as (delete from florin.yearly_member_credits
		where %1$s) insert into florin.membership_periods
		select user_id, ''x'', 99, ''waiting'', plan, period,
		monthly_credits, null, null, ends_at + ''1 s'',
		ends_at + ''2 s'', starts_at, 0, ''1 s''
		from florin.membership_periods
		where %1$s and state = ''running'''),
	('quota', 'update florin.grants set expires_at = expires_at + ''1 d''
		where %s and source = ''membership'' and live'),
	('quota', 'update florin.memberships set quota_expires_at =
		quota_expires_at + ''1 d'' where %s'),
	('quota', 'alter table florin.credit_transactions disable trigger all;
		update florin.credit_transactions set reference_id = ''x''
		where %s and kind = ''reset'''),
	('quota', 'alter table florin.credit_transactions disable trigger all;
		update florin.credit_transactions set kind = ''reset'',
		effective_at = ''2027-04-01Z'' where %s
		and kind in (''membership'', ''reset'')'),
	('portion', 'update florin.yearly_member_credits
		set given_at = ''2027-07-07Z''
		where %s and portion = 2'),
	('portion', 'update florin.yearly_member_credits set given_at = null
		where %s and portion = 1'),
	('portion', 'update florin.yearly_member_credits set void = true
		where %s and portion = 12'),
	('next_due_at', 'update florin.wallets
		set next_due_at = null where %s'),
	('next_due_at', 'update florin.memberships set next_reset_at =
		''2027-06-25Z'' where %s'))
	as v (wanted, change);
select finish();
rollback;
