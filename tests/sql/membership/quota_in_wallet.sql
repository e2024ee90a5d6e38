-- The quota among other credits: burn order, refunds and holds across a
-- reset and across the end.
select no_plan();

create function pg_temp.member(uid text) returns void language sql as $$
	select t.stop('2027-03-10 12:00'), t.register(uid), t.give(uid, 7),
		t.buy(uid, 500), t.add_member(uid)
$$;

begin;
select pg_temp.member('qw-1');
create temp table taken as select t.consume('qw-1', 600) as body;
select is(t.draws(body -> 'transaction'), '[["membership", 100],
	["registration", 50], ["bonus", 7], ["purchase", 443]]',
	'what expires goes first') from taken;
select t.stop('2027-04-02');
select is(t.draws(t.refund('qw-1', 5) -> 'transaction'), '[["purchase", 443],
	["bonus", 7], ["registration", 50], ["refund", 100]]',
	'after the reset: back into the same grants, the quota with grace');
select is(t.open_grants('qw-1'), '{"membership": 100, "registration": 50,
	"bonus": 7, "purchase": 500, "refund": 100}', 'and the new quota stays');
select is(expires_at, '2027-04-09Z'::timestamptz, 'for refund_grace')
	from florin.grants where user_id = 'qw-1' and source = 'refund';
select t.all_well('qw-1');
rollback;

begin;
select t.set_setting('burn_order', '"balance_first"'),
	pg_temp.member('qw-2');
create temp table taken as select t.consume('qw-2', 600) as body;
select is(t.draws(body -> 'transaction'), '[["registration", 50],
	["bonus", 7], ["purchase", 500], ["membership", 43]]',
	'balance first: the quota when it runs out') from taken;
select t.stop('2027-04-02');
select is(t.draws(t.refund('qw-2', 5) -> 'transaction'), '[["purchase", 500],
	["bonus", 7], ["registration", 50], ["refund", 43]]', 'and back');
select t.all_well('qw-2');
rollback;

-- In the same month it goes back into the quota, and expires with it, even
-- where the quota's end has moved since.
begin;
select pg_temp.member('qw-3'), t.consume('qw-3', 100);
select t.stop('2027-04-01'), t.consume('qw-3', 100),
	t.add_member('qw-3'), t.stop('2027-04-20');
select t.refund('qw-3', 7);
select is(t.open_grants('qw-3') ->> 'membership', '100',
	'the quota lives on: a month was added');
select t.stop('2027-05-01'), t.membership('qw-3');
select is(t.ledger('qw-3', 8), '[["expire", -100], ["reset", 100]]',
	'and expires at the reset');
select t.all_well('qw-3');
rollback;

-- A hold across the reset.
begin;
select pg_temp.member('qw-4'), t.stop('2027-03-31 12:00'),
	t.hold('qw-4', 30, 86400), t.stop('2027-04-01 06:00');
select t.capture('qw-4', t.hold_id('qw-4'), 10);
select is(t.ledger('qw-4', 4), '[["hold", -30], ["expire", -70],
	["reset", 100], ["release", 20], ["expire", -20]]',
	'what comes back expires at once: no quota outlives its reset');
select t.all_well('qw-4');
rollback;

-- A hold across the membership's end, which ends before, at and after it.
begin;
select pg_temp.member('qw-5'), pg_temp.member('qw-6'),
	t.stop('2027-04-10 06:00'), t.hold('qw-5', 30, 6 * 3600),
	t.hold('qw-6', 30, 86400);
select t.stop('2027-04-12'), t.membership('qw-5'), t.membership('qw-6');
select is(t.ledger('qw-5', 6), '[["hold", -30], ["release", 30],
	["expire", -100]]', 'at one moment the hold ends first');
select is(t.ledger('qw-6', 6), '[["hold", -30], ["expire", -70],
	["release", 30], ["expire", -30]]', 'later: it expires at once');
select is(t.membership(u) ->> 'balance', '557', 'the others are untouched')
	from unnest(array['qw-5', 'qw-6']) u;
select t.all_well(u) from unnest(array['qw-5', 'qw-6']) u;
rollback;

-- A balance at its limit never stops the clock.
begin;
select pg_temp.member('qw-7'), t.add_member('qw-7');
select t.adjust('qw-7', 9007199254740991 - 30 - total_granted)
	from florin.wallets where user_id = 'qw-7';
select t.stop('2027-04-01'), t.membership('qw-7');
select is(t.ledger('qw-7', 5), '[["expire", -100], ["reset", 30]]',
	'a reset gives what still fits');
select t.consume('qw-7', 600), t.stop('2027-05-01');
select is(t.membership('qw-7') ->> 'status', 'active', 'and time goes on');
select t.all_well('qw-7');
rollback;
select is_empty($$select from florin.users where user_id like 'qw-%'$$,
	'nothing of it is left');
select finish();
