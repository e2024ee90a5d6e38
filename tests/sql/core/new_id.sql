-- Ids: 26 characters [0-9a-z], ordered by time, never twice.
begin;
select no_plan();
create temp table ids as
	select n, florin.new_id('2026-01-31'::timestamptz + n * '1 us'::interval)
		as id from generate_series(1, 2000) n;
select is_empty('select * from ids where id !~ ''^[0-9a-hjkmnp-tv-z]{26}$''',
	'26 characters');
select is(array(select n from ids order by id collate "C"),
	array(select n from ids order by n), 'ordered by time');
select is(count(distinct florin.new_id('2026-01-31')), 2000::bigint,
	'never twice in one microsecond') from generate_series(1, 2000);
select is(count(distinct substr(florin.new_id('2026-01-31'), 1, 12)),
	1::bigint, 'the first twelve are the time') from generate_series(1, 200);
select cmp_ok(count(distinct substr(florin.new_id('2026-01-31'), place, 1)),
	'>', 20::bigint, 'character ' || place || ' is random')
	from generate_series(13, 26) place, generate_series(1, 400) group by place;
select is(substr(florin.new_id('1970-01-01'), 1, 12), '000000000000',
	'from 1970 on');
select cmp_ok(florin.new_id('9999-12-31') collate "C", '>',
	florin.new_id('2026-01-31') collate "C", 'for long');
select finish();
rollback;
