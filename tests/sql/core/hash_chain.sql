-- The hash chain: any change of a row is seen; no session setting changes it.
begin;
select no_plan();

select t.register('hc-1');
select florin_api.consume_credits('user', 'hc-1', null, null, null, null, 3,
	'für ein Bild', 'image', '7');
select t.give('hc-1', 5, expires_at => t.now() + '1 h');
select t.sleep('2 h');
select t.refund('hc-1', 2, 1);
select t.all_well('hc-1');

-- Told once by hand, so that a change of the canonical bytes is noticed: old
-- chains must still verify.
create function pg_temp.counted(field text) returns text
language sql as $$
	select coalesce(octet_length(field), 0) || ':' || coalesce(field, '')
$$;
create function pg_temp.us(moment timestamptz) returns text
language sql as $$
	select ((extract(epoch from date_trunc('second', moment))::bigint
		* 1000000) + extract(microseconds from moment)::bigint % 1000000)::text
$$;
select is(l.hash, sha256(l.prev_hash
	|| sha256(convert_to(coalesce(l.reason, ''), 'UTF8')) || convert_to(
	pg_temp.counted(l.user_id) || l.seq || ',' || l.amount || ','
	|| l.balance_after || ',' || pg_temp.counted(l.kind)
	|| pg_temp.counted(l.draws::text) || pg_temp.counted(l.reference_type)
	|| pg_temp.counted(l.reference_id) || pg_temp.counted(l.actor)
	|| pg_temp.us(l.created_at) || ',' || pg_temp.us(l.effective_at) || ',',
	'UTF8')),
	'the hash of row ' || seq || ', by hand')
	from florin.credit_transactions l where user_id = 'hc-1';
select is(prev_hash, sha256('hc-1'), 'the first row''s previous hash')
	from florin.credit_transactions where user_id = 'hc-1' and seq = 1;

-- Every session setting that changes how values are written as text.
create temp table sessions (setting text, value text);
insert into sessions values ('TimeZone', 'America/New_York'),
	('TimeZone', 'Asia/Kolkata'), ('TimeZone', 'Europe/Berlin'),
	('DateStyle', 'SQL, DMY'), ('DateStyle', 'German'),
	('DateStyle', 'Postgres, MDY'), ('IntervalStyle', 'iso_8601'),
	('bytea_output', 'escape'), ('extra_float_digits', '-15'),
	('lc_numeric', 'C'), ('standard_conforming_strings', 'off'),
	('client_encoding', 'LATIN1');
create function pg_temp.verify(setting text, value text) returns bigint
language plpgsql as $$
declare
	wrong bigint;
begin
	perform set_config(setting, value, true);
	select count(*) into wrong from florin.check_user('hc-1');
	return wrong;
end
$$;
select is(pg_temp.verify(setting, value), 0::bigint,
	format('verifies with %s = %s', setting, value)) from sessions;
reset all;
set search_path = t, tap, pg_catalog;

-- Rows written in the hour that a clock turned back repeats.
create function pg_temp.written_in(zone text, uid text) returns text
language plpgsql as $$
begin
	perform set_config('TimeZone', zone, true);
	perform t.register(uid), t.consume(uid, 1);
	perform set_config('TimeZone', 'UTC', true);
	return (select string_agg(invariant, ' ') from florin.check_user(uid));
end
$$;
select is(pg_temp.written_in(zone, 'hc-' || zone), null,
	'written in ' || zone) from unnest(array['Europe/Berlin', 'Asia/Kolkata',
		'America/St_Johns', 'Pacific/Apia']) zone;
create temp table autumn (moment timestamptz);
insert into autumn values ('2026-10-25 00:30:00+00'),
	('2026-10-25 01:30:00+00');
set local timezone = 'Europe/Berlin';
select is((select count(distinct florin.ledger_hash(row('u', 1, 'k', 1, 1,
	'[]', null, '\x', null, null, 'a', moment, moment, '\x', '\x')
	::florin.credit_transactions)) from autumn), 2::bigint,
	'the repeated hour has two hashes');
set local timezone = 'UTC';

-- Tampering by somebody who can switch triggers off.
create temp table changes (change text);
insert into changes values ('kind = ''adjust'''), ('amount = amount - 1'),
	('balance_after = balance_after + 1'), ('draws = draws || draws'),
	('draws = jsonb_set(draws, ''{0,grant_id}'', ''9'')'),
	('draws = jsonb_set(draws, ''{0,source}'', ''"bonus"'')'),
	('reason = ''another'''), ('reason = '''''),
	('reason_hash = sha256(''x'')'),
	('reason = ''x'', reason_hash = sha256(''x'')'),
	('reference_id = ''8'''), ('reference_type = ''video'''),
	('reference_type = null, reference_id = null'),
	('actor = ''admin:x'''), ('created_at = created_at + interval ''1 us'''),
	('effective_at = effective_at - interval ''1 us'''),
	('prev_hash = sha256(''x'')'), ('hash = sha256(''x'')'),
	('user_id = ''hc-2'''), ('seq = 99');
alter table florin.credit_transactions disable trigger user;
create function pg_temp.tamper(change text) returns boolean
language plpgsql as $$
declare
	seen boolean;
begin
	begin
		execute 'update florin.credit_transactions set ' || change
			|| ' where user_id = ''hc-1'' and seq = 2';
		seen := exists (select from florin.check_user('hc-1')
			where invariant in ('chain', 'seq', 'balance_after'));
		raise exception using errcode = 'XX998';
	exception when sqlstate 'XX998' then
		return seen;
	end;
end
$$;
select ok(pg_temp.tamper(change), 'seen: ' || change) from changes;
select is(array(select attname::text from pg_attribute
	where attrelid = 'florin.credit_transactions'::regclass and attnum > 0
		and not attisdropped
		and not exists (select from changes where change ~ attname::text)),
	'{}', 'each column was changed');
select ok(not pg_temp.tamper('reason = null'),
	'an erased reason is no tampering: its hash stays');

-- A row rewritten together with its hash breaks the next row; the last one
-- breaks the wallet's head.
create function pg_temp.rewrite(place bigint) returns text
language plpgsql as $$
declare
	row florin.credit_transactions;
	seen text;
begin
	begin
		select * into row from florin.credit_transactions
			where user_id = 'hc-1' and seq = place;
		row.actor := 'admin:forger';
		update florin.credit_transactions
			set actor = row.actor, hash = florin.ledger_hash(row)
			where user_id = 'hc-1' and seq = place;
		select string_agg(detail, '; ') into seen
			from florin.check_user('hc-1') where invariant = 'chain';
		raise exception using errcode = 'XX998';
	exception when sqlstate 'XX998' then
		return seen;
	end;
end
$$;
select is(pg_temp.rewrite(2), 'seq 3', 'a forged row breaks the next');
select is(pg_temp.rewrite(5), 'the head is not the last row''s hash',
	'a forged last row breaks the head');
delete from florin.credit_transactions where user_id = 'hc-1' and seq = 5;
select ok(exists (select from florin.check_user('hc-1')
	where invariant = 'chain'), 'a last row that is gone');
select finish();
rollback;
