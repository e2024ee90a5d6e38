-- florin_admin.unfreeze_wallet.
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
select t.register('frz-2');
select pg_temp.freeze('frz-2');
select is(pg_temp.thaw('frz-2') #> '{wallet,frozen}', 'false', 'done');
select is(row(before -> 'frozen', after -> 'frozen', ip)::text,
	'(true,false,192.0.2.1)', 'is logged')
	from florin.admin_operation_logs
	where user_id = 'frz-2' and operation = 'unfreeze_wallet';
create temp table before as select t.picture('frz-2') as p;
select pg_temp.thaw('frz-2');
select is(t.picture('frz-2'), p, 'again changes nothing') from before;
select t.refused($$select pg_temp.thaw('frz-none')$$, 'frz-none',
	'user_not_found');
select is(t.consume('frz-2', 1) #> '{wallet,balance}', '49', 'it works');
select pg_temp.freeze('frz-2');
select t.whole($$select pg_temp.thaw('frz-2')$$, 'frz-2', 2,
	'unfreeze_wallet');
select pg_temp.thaw('frz-2');
select t.all_well('frz-2');
select finish();
