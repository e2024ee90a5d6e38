-- The order in which grants are spent, in both settings of burn_order.
begin;
select no_plan();

-- One credit each.  `place` is its turn, expiring_first and balance_first.
create temp table cases (name text, source text, priority integer,
	category text, days integer, first_place integer, second_place integer);
insert into cases values
	-- made in this order, so that the grant's number is not the order
	('paid, never', 'purchase', 30, 'paid', null, 13, 11),
	('paid, in 9 days', 'purchase', 30, 'paid', 9, 11, 9),
	('promotional, priority 30, never', 'bonus', 30, 'promotional', null,
		12, 10),
	('promotional, priority 30, in 9 days too', 'bonus', 30, 'promotional', 9,
		10, 8),
	('promotional, never, older', 'bonus', 20, 'promotional', null, 8, 6),
	('promotional, never, newer', 'bonus', 20, 'promotional', null, 9, 7),
	('promotional, in 2 days', 'bonus', 20, 'promotional', 2, 6, 4),
	('promotional, in 3 days', 'bonus', 20, 'promotional', 3, 7, 5),
	('quota, priority 10', 'membership', 10, 'membership', 20, 3, 12),
	('quota, priority 10, sooner', 'membership', 10, 'membership', 19, 2, 13),
	('promotional, priority 10, never', 'bonus', 10, 'promotional', null, 4, 2),
	('promotional, priority 0, in 99 days', 'bonus', 0, 'promotional', 99,
		1, 1),
	('promotional, priority 11, in 1 day', 'bonus', 11, 'promotional', 1, 5, 3);
-- of the quota the sooner goes first, in both settings
update cases set second_place = 12 where name = 'quota, priority 10, sooner';
update cases set second_place = 13 where name = 'quota, priority 10';

-- A wallet with these grants, by the same functions that operations use.
create function pg_temp.prepare_wallet(uid text) returns void
language plpgsql as $$
declare
	w florin.wallets;
	row florin.credit_transactions;
	c record;
	moment constant timestamptz := t.now();
begin
	perform t.register(uid);
	perform t.consume(uid, 50);
	for c in select * from cases loop
		w := florin.lock_wallet(uid, 'system');
		row := null;
		row.kind := 'grant';
		row.amount := 1;
		row.actor := 'system';
		call florin.feed(w, row, c.source, 1,
			moment + make_interval(days => c.days), c.priority);
		call florin.post(w, row);
		w := florin.save_wallet(w);
	end loop;
end
$$;
create function pg_temp.names(uid text, place bigint) returns text
language sql as $$
	select name from (select *, row_number() over () + 1 as id from cases) c
	where id = ((select draws from florin.credit_transactions
		where user_id = uid and seq = place + 15)
		#>> '{0,grant_id}')::integer
$$;

select pg_temp.prepare_wallet('burn-1');
select t.consume('burn-1', 1) from generate_series(1, 13);
select is(pg_temp.names('burn-1', first_place), name,
	'expiring_first: ' || first_place) from cases order by first_place;

select t.set_setting('burn_order', '"balance_first"');
select pg_temp.prepare_wallet('burn-2');
select t.consume('burn-2', 1) from generate_series(1, 13);
select is(pg_temp.names('burn-2', second_place), name,
	'balance_first: ' || second_place) from cases order by second_place;

-- All at once is the same order, and the wallet shows it.
select pg_temp.prepare_wallet('burn-3');
create temp table shown as select jsonb_agg(g -> 'id' order by place) as ids
	from florin_api.get_credits('user', 'burn-3', null, null),
		jsonb_array_elements(body::jsonb -> 'grants')
		with ordinality as e (g, place);
select is((select jsonb_agg(d -> 'grant_id' order by place)
	from jsonb_array_elements(t.consume('burn-3', 13)
		#> '{transaction,draws}') with ordinality as e (d, place)),
	ids, 'drawn as shown: balance_first') from shown;
select t.set_setting('burn_order', '"expiring_first"');
select pg_temp.prepare_wallet('burn-4');
select is((select jsonb_agg((d ->> 'grant_id')::bigint order by place)
	from jsonb_array_elements(t.consume('burn-4', 13)
		#> '{transaction,draws}') with ordinality as e (d, place)),
	(select jsonb_agg(id order by first_place) from (select *,
		row_number() over () + 1 as id from cases) c),
	'thirteen at once: expiring_first');

-- Part of a grant, then the rest.
select t.register('burn-5');
select t.give('burn-5', 10, priority => 1);
select is(t.draws(t.consume('burn-5', 4) -> 'transaction'), '[["bonus", 4]]',
	'a part');
select is(t.draws(t.consume('burn-5', 7) -> 'transaction'),
	'[["bonus", 6], ["registration", 1]]', 'the rest, then the next');

select t.all_well('burn-' || n) from generate_series(1, 5) n;
select finish();
commit;
