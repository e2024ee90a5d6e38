-- What holds for every function that the pools may call.
begin;
select no_plan();
create temp table functions as
	select p.*, n.nspname, p.oid::regprocedure::text as name
	from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname ~ '^florin';
create temp table called as select * from functions where nspname <> 'florin';
select cmp_ok(count(*), '>=', 12::bigint, 'there are functions') from called;

select is_empty('select name from called where not prosecdef',
	'each is security definer');
select is_empty($$select name, proconfig from called
	where proconfig is distinct from array['search_path=florin, pg_temp']
	and name <> 'florin_api.consume_run(text,jsonb)'$$,
	'with a fixed search_path, temporary tables last');
select is(proconfig, array['search_path=florin, pg_temp', 'lock_timeout=100ms',
	'enable_hashjoin=off', 'enable_mergejoin=off'], 'one has more')
	from called where name = 'florin_api.consume_run(text,jsonb)';
select is_empty($$select name from functions
	where proowner <> 'florin_owner'::regrole$$, 'all are the owner''s');
select is_empty($$select name from functions where nspname = 'florin'
	and prosecdef$$, 'internal functions have their caller''s rights');
select is_empty($$select nspname, proname from called
	group by 1, 2 having count(*) > 1$$, 'no name stands for two');
select is_empty('select name from called where pronargdefaults > 0
	or provariadic <> 0 or prokind <> ''f''', 'plain parameters');
select is_empty($$select name from called
	where prorettype <> 'florin.answer'::regtype and proname <> 'barrier'
		and nspname <> 'florin_jobs'$$, 'each returns an answer');
select is_empty($$select name from called
	where proargnames[1] is distinct from 'caller' and proname <> 'barrier'
		and nspname <> 'florin_jobs'$$, 'the caller comes first');

-- The order of what is not a field of the row.
create temp table context (name text, type regtype, place integer);
insert into context values ('caller', 'text', 1), ('user_id', 'text', 2),
	('idempotency_key', 'text', 3), ('request_hash', 'bytea', 4),
	('ip', 'text', 5), ('user_agent', 'text', 6),
	('known_revision', 'bigint', 7);
select is_empty($$
	with arguments as (
		select c.name as function, a.name, a.type, a.place
		from called c, unnest(proargnames, proargtypes::oid[])
			with ordinality as a (name, type, place)
	)
	select a.function, a.name from arguments a join context c using (name)
	where a.type <> c.type
		or exists (select from arguments b
			left join context d on d.name = b.name
			where b.function = a.function and b.place < a.place
				and coalesce(d.place, 99) > c.place)
		-- A field, that narrows what is checked.
		and (a.name <> 'user_id'
			or a.function !~ '^florin_admin\.check_credits_sync\M')
	union all
	select a.function, 'ip without user_agent' from arguments a
	where a.name = 'ip' and not exists (select from arguments b
		where b.function = a.function and b.name = 'user_agent')$$,
	'caller, user, key, hash, address, agent, revision: in this order');

-- Bodies are not checked while they are installed: check them here.
create function pg_temp.check_body(def text) returns text
language plpgsql
set check_function_bodies = on
set search_path = pg_catalog
as $$
begin
	execute def;
	return null;
exception when others then
	return sqlerrm;
end
$$;
select is_empty($$select name, e from functions,
	pg_temp.check_body(pg_get_functiondef(oid)) e where e is not null$$,
	'every body parses');

-- Words that have no place in them.
select is_empty(format($$select name from functions where prosrc ~* %L$$, word),
	why) from (values
	('\m(now|transaction_timestamp|statement_timestamp)\(\)|current_timestamp',
		'the clock is read after the lock, never a transaction''s start'),
	('advisory', 'no advisory locks'), ('\mnotify\M', 'no NOTIFY'),
	('nextval', 'no sequences')) as x (word, why);
select set_eq('select name from functions where prosrc ~* ''clock_timestamp''',
	array['florin.clock()', 'florin_api.get_readiness(text)'],
	'only the clock reads the clock');
select finish();
rollback;
