-- The test clock moves forward only; a wallet's time never runs back.
select no_plan();

create temp table before as select t.now() as moment;
create temp table later as select florin.advance_clock('1 month') as moment;
select ok(later.moment - before.moment between '28 d' and '31 d 1 min',
	'a month') from before, later;
select ok(florin.advance_clock('0') < later.moment + '1 min'::interval,
	'nothing at all is allowed') from later;
select throws_ok(format('select florin.advance_clock(%L)', step), 'P0001',
	'the test clock only moves forward', 'not ' || coalesce(step, 'null'))
	from unnest(array['-1 s', '-1 month', '1 month -40 d', null]) step;
select is((select count(*) from florin.test_clock), 1::bigint, 'one clock');
select throws_ok('insert into florin.test_clock (one, ahead)
	values (false, ''0'')', '23514', null, 'and no second');

-- Nobody but the owner.
select ok(not has_function_privilege(role, 'florin.advance_clock(interval)',
	'execute'), role || ' cannot move it')
	from unnest(array['florin_web', 'florin_admin', 'florin_jobs', 'public'])
	role;

-- A wallet whose last operation is in the future (a host whose clock was
-- wrong): its time goes on from there.
begin;
select t.register('ck-1');
update florin.wallets set last_effective_at = last_effective_at + '1 d'
	where user_id = 'ck-1';
select t.consume('ck-1', 1), t.consume('ck-1', 1);
select is(count(distinct effective_at), 2::bigint, 'it stands still')
	from florin.credit_transactions where user_id = 'ck-1';
select t.all_well('ck-1');
rollback;
select ok(t.now() >= moment, 'and on') from later;
select finish();
