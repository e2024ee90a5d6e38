-- florin_admin.freeze_wallet.
select no_plan();
create function pg_temp.freeze(uid text) returns jsonb
language sql as $$
	select body::jsonb from florin_admin.freeze_wallet('admin:root', uid,
		'192.0.2.1', 'curl', 'a fraud')
$$;
create function pg_temp.thaw(uid text) returns jsonb
language sql as $$
	select body::jsonb from florin_admin.unfreeze_wallet('admin:root', uid,
		'192.0.2.1', 'curl', 'no fraud')
$$;
select t.register('frz-1');
select is(pg_temp.freeze('frz-1') #> '{wallet,frozen}', 'true', 'done');
select is(row(before -> 'frozen', after -> 'frozen', ip)::text,
	'(false,true,192.0.2.1)', 'is logged')
	from florin.admin_operation_logs
	where user_id = 'frz-1' and operation = 'freeze_wallet';
create temp table before as select t.picture('frz-1') as p;
select pg_temp.freeze('frz-1');
select is(t.picture('frz-1'), p, 'again changes nothing') from before;
select t.refused($$select pg_temp.freeze('frz-none')$$, 'frz-none',
	'user_not_found');
select t.refused($$select t.consume('frz-1', 1)$$, 'frz-1', 'wallet_frozen');
select pg_temp.thaw('frz-1');
select t.whole($$select pg_temp.freeze('frz-1')$$, 'frz-1', 2,
	'freeze_wallet');
select t.all_well('frz-1');
select finish();
