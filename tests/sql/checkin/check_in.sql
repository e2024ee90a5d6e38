-- florin_api.check_in: once a day of the site's zone, reward, streak, bonus.
select no_plan();

create function pg_temp.check_in(uid text, key text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.check_in('user', uid, key, t.hash('x'),
		null, null)
$$;

create function pg_temp.month(uid text, month text default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.get_checkins('user', uid, month)
$$;

-- Move the clock on to a local moment of the next year.
create function pg_temp.travel(local text, zone text) returns void
language sql as $$
	select t.sleep((to_char(t.now(), 'YYYY')::integer + 1 || local)::timestamp
		at time zone zone - t.now())
$$;

create function pg_temp.year() returns text
language sql as $$ select to_char(t.now(), 'YYYY') $$;

select t.register('chk-1');
create temp table first as select * from florin_api.check_in('user', 'chk-1',
	'k', t.hash('x'), null, null);
create temp table answer as select body::jsonb as b from first;
create temp table today as
	select to_char(t.now() at time zone 'UTC', 'YYYY-MM-DD') as day;

select is(status, 201, 'a check-in: 201') from first;
select is(b -> 'checkin', jsonb_build_object('date', day, 'streak', 1,
	'credits', 5, 'transaction_id', 2), 'the check-in') from answer, today;
select is((b -> 'transaction') - 'created_at' - 'effective_at',
	jsonb_build_object('id', 2, 'user_id', 'chk-1', 'kind', 'checkin',
	'amount', 5, 'balance_after', 55, 'reason', null,
	'reference', jsonb_build_object('type', 'checkin', 'id', day),
	'draws', '[{"grant_id": 2, "source": "checkin", "amount": 5}]'::jsonb,
	'actor', 'user'), 'its ledger row') from answer, today;
select is(b -> 'bonus_transaction', 'null', 'no bonus') from answer;
select is(b #>> '{wallet,balance}', '55', 'the wallet') from answer;
select is(checkin_count, 1::bigint, 'it is counted')
	from florin.stats where user_id = 'chk-1';
select is(last_active_at, (b #>> '{transaction,created_at}')::timestamptz,
	'the user was active') from florin.stats, answer where user_id = 'chk-1';

select t.refused($$select pg_temp.check_in('chk-1')$$, 'chk-1',
	'already_checked_in', (select jsonb_build_object('checkin', b -> 'checkin')
	from answer), 'the second time: 409 with the first''s record');
select results_eq($$select status, body, replayed
	from florin_api.check_in('user', 'chk-1', 'k', t.hash('x'), null, null)$$,
	'select status, body, true from first', 'its key replays it');
select t.refused($$select florin_api.check_in('user', 'chk-1', 'k',
	t.hash('y'), null, null)$$, 'chk-1', 'idempotency_key_reused');
select t.refused($$select pg_temp.check_in('chk-n')$$, 'chk-n',
	'user_not_found');
select is(pg_temp.month('chk-1'), jsonb_build_object('month', left(day, 7),
	'days', jsonb_build_array(b -> 'checkin'), 'streak', 1,
	'checked_in_today', true), 'the month') from answer, today;
select is(pg_temp.month('chk-1', '1999-12'), '{"month": "1999-12", "days": [],
	"streak": 1, "checked_in_today": true}', 'another month');

-- By the site; an admin leaves a trace.
select t.register('chk-2');
select florin_api.check_in('admin:root', 'chk-2', null, null, '192.0.2.1',
	'curl');
select results_eq($$select operator, operation, outcome
	from florin.admin_operation_logs where user_id = 'chk-2'$$,
	$$values ('admin:root', 'check_in', 'done')$$, 'an admin''s check-in');

-- A frozen wallet takes money in.
update florin.wallets set frozen = true where user_id = 'chk-2';
select t.sleep('1 day');
select is(pg_temp.check_in('chk-2') #>> '{checkin,streak}', '2',
	'a frozen wallet: money in goes on');

-- Midnight in Shanghai, to a tenth of a second.
begin;
select t.set_setting('timezone', '"Asia/Shanghai"');
select t.register('chk-s');
select pg_temp.travel('-06-10 23:59:59.9', 'Asia/Shanghai');
select is(pg_temp.check_in('chk-s') #>> '{checkin,date}',
	pg_temp.year() || '-06-10', '23:59:59.9 is the day that ends');
select t.refused($$select pg_temp.check_in('chk-s')$$, 'chk-s',
	'already_checked_in', (select jsonb_build_object('checkin',
	florin.checkin_json(c)) from florin.daily_checkins c
	where user_id = 'chk-s'), 'and once');
select t.sleep('0.2 s');
select is((pg_temp.check_in('chk-s') -> 'checkin') - 'transaction_id',
	jsonb_build_object('date', pg_temp.year() || '-06-11', 'streak', 2,
	'credits', 5), '00:00:00.1 is the next, and the streak goes on');
select is(pg_temp.month('chk-s', pg_temp.year() || '-06') -> 'days' -> 0
	->> 'date', pg_temp.year() || '-06-10', 'the first day comes first');
select pg_temp.travel('-01-31 23:59:59.9', 'Asia/Shanghai');
select is(pg_temp.month('chk-s') - 'days', jsonb_build_object('month',
	pg_temp.year() || '-01', 'streak', 0, 'checked_in_today', false),
	'the 31st is January');
select t.sleep('0.2 s');
select is(pg_temp.month('chk-s') ->> 'month', pg_temp.year() || '-02',
	'and then comes February');
select t.all_well('chk-s');
rollback;

-- The nights of summer time in Berlin have 23 and 25 hours.
begin;
select t.set_setting('timezone', '"Europe/Berlin"');
select t.register('chk-b');
-- The last Sundays of March and October of the years that follow.
create temp table night as
	select day - extract(isodow from day)::integer % 7 as sunday
	from (select (extract(year from t.now())::integer + n || '-' || month
			|| '-31')::date as day
		from generate_series(1, 2) n,
			unnest(array['03', '10']) month) last;
create function pg_temp.around(sundays date[]) returns jsonb
language plpgsql as $$
declare
	sunday date;
	moment timestamp;
	c jsonb;
	seen jsonb := '[]';
begin
	foreach sunday in array sundays loop
		foreach moment in array array[sunday - interval '0.1 s',
			sunday + interval '0.1 s', sunday + interval '1 day 0.1 s']
		loop
			perform t.sleep(moment at time zone 'Europe/Berlin' - t.now());
			c := pg_temp.check_in('chk-b') -> 'checkin';
			seen := seen || jsonb_build_array(jsonb_build_array(
				c -> 'date', c -> 'streak'));
		end loop;
	end loop;
	return seen;
end
$$;
select is(pg_temp.around((select array_agg(sunday order by sunday) from night)),
	(select jsonb_agg(jsonb_build_array(sunday + step, step + 2)
		order by sunday, step)
	from night, generate_series(-1, 1) step),
	'each side of each night is its own day, and the streak goes over it');
select t.all_well('chk-b');
rollback;

-- A bonus each streak_days; a reward of nothing writes no row.
begin;
select t.register('chk-t');
select t.set_setting('streak_days', '3');
create function pg_temp.days(uid text, n integer) returns jsonb
language plpgsql as $$
declare
	seen jsonb := '[]';
	a jsonb;
begin
	for i in 1..n loop
		a := pg_temp.check_in(uid);
		seen := seen || jsonb_build_array(jsonb_build_array(
			a #> '{checkin,streak}', a #> '{checkin,credits}',
			a #> '{bonus_transaction,amount}'));
		perform t.sleep('1 day');
	end loop;
	return seen;
end
$$;
select is(pg_temp.days('chk-t', 7), '[[1, 5, null], [2, 5, null], [3, 25, 20],
	[4, 5, null], [5, 5, null], [6, 25, 20], [7, 5, null]]',
	'a bonus on each third day');
select is(t.ledger('chk-t', 3), '[["checkin", 5], ["checkin_bonus", 20],
	["checkin", 5], ["checkin", 5], ["checkin", 5], ["checkin_bonus", 20],
	["checkin", 5]]', 'rows of their own');
select is(reference_type || ' ' || reference_id, 'checkin ' || c.date,
	'the bonus names its day')
	from florin.credit_transactions l
	join florin.daily_checkins c using (user_id)
	where l.user_id = 'chk-t' and l.seq = 5 and c.bonus_transaction_id = 5;
select is((select count(*) from florin.grants where user_id = 'chk-t'),
	2::bigint, 'a year of check-ins is one grant');
select is(pg_temp.month('chk-t') -> 'streak', '7', 'the streak holds today');
select t.sleep('1 day');
select is(pg_temp.month('chk-t') -> 'streak', '0', 'and is over tomorrow');
select is(pg_temp.check_in('chk-t') #>> '{checkin,streak}', '1',
	'a day left out begins anew');

select t.set_setting('checkin_credits', '0');
select t.set_setting('streak_days', '2');
select t.sleep('1 day');
select is(pg_temp.check_in('chk-t') - 'wallet' #- '{checkin,date}'
	#- '{bonus_transaction,created_at}' #- '{bonus_transaction,effective_at}'
	#- '{bonus_transaction,reference}' #- '{bonus_transaction,draws}',
	'{"checkin": {"streak": 2, "credits": 20, "transaction_id": null},
	"transaction": null, "bonus_transaction": {"id": 12, "user_id": "chk-t",
	"kind": "checkin_bonus", "amount": 20, "balance_after": 150,
	"reason": null, "actor": "user"}}', 'a bonus without a reward');
select t.set_setting('streak_bonus', '0');
select t.sleep('2 days');
select is(pg_temp.check_in('chk-t') - 'wallet' #- '{checkin,date}',
	'{"checkin": {"streak": 1, "credits": 0, "transaction_id": null},
	"transaction": null, "bonus_transaction": null}', 'nothing at all');
select is(t.version('chk-t'), 12::bigint, 'writes no row');
select is(checkin_count, 10::bigint, 'but is counted')
	from florin.stats where user_id = 'chk-t';
select t.all_well('chk-t');
rollback;

select t.register('chk-w');
begin;
select t.set_setting('streak_days', '1');
select t.whole($$select florin_api.check_in('admin:x', 'chk-w', 'k',
	t.hash('a'), null, null)$$, 'chk-w', 9, 'check_in');
rollback;

-- The invariants see what is wrong.
begin;
update florin.daily_checkins set credits = 6 where user_id = 'chk-1';
select results_eq($$select invariant from florin.check_user('chk-1')$$,
	array['checkin'], 'credits that no row gave');
rollback;
begin;
delete from florin.daily_checkins where user_id = 'chk-1';
select results_eq($$select invariant from florin.check_user('chk-1')$$,
	array['checkin'], 'a reward without its check-in');
rollback;

select t.all_well(u) from unnest(array['chk-1', 'chk-2']) u;
select finish();
