-- The pools' roles run the functions of their schemas and do nothing else.
-- Everything that the database has is enumerated: what is not listed fails.
begin;
select no_plan();

create temp table pools (role_name name, schemas name[]);
insert into pools values ('florin_web', '{florin_api}'),
	('florin_admin', '{florin_api, florin_admin}'),
	('florin_jobs', '{florin_jobs}');
create temp table ours as select oid, nspname from pg_namespace
	where nspname ~ '^florin';
select set_eq('select nspname from ours', array['florin', 'florin_api',
	'florin_admin', 'florin_jobs']::name[], 'the schemas');
select set_eq('select rolname from pg_roles where rolname ~ ''^florin''',
	array['florin_owner', 'florin_web', 'florin_admin', 'florin_jobs']::name[],
	'the roles');

-- Functions: exactly those of the schemas.
select set_eq(format($$
	select p.oid::regprocedure::text from pg_proc p
	where p.pronamespace in (select oid from ours)
		and has_schema_privilege(%1$L, p.pronamespace, 'usage')
		and has_function_privilege(%1$L, p.oid, 'execute')$$, role_name),
	format($$select p.oid::regprocedure::text from pg_proc p
	where p.pronamespace = any (%L::regnamespace[])$$, schemas),
	role_name || ' executes exactly the functions of its schemas')
	from pools;
select is_empty(format($$
	select p.oid::regprocedure from pg_proc p join ours o
		on o.oid = p.pronamespace
	where o.nspname <> all (%L)
		and has_function_privilege(%L, p.oid, 'execute')$$, schemas,
	role_name), role_name || ' has no right on another function')
	from pools;
select set_eq(format($$
	select nspname from pg_namespace where nspname !~ '^pg_'
		and nspname <> 'information_schema'
		and has_schema_privilege(%L, oid, 'usage')$$, role_name), schemas,
	role_name || ' uses no other schema') from pools;
select is_empty(format($$
	select nspname from pg_namespace
	where nspname !~ '^pg_(temp|toast_temp)'
		and has_schema_privilege(%L, oid, 'create')$$, role_name),
	role_name || ' creates in no schema') from pools;

-- Tables, columns, sequences, types, by every right there is.
select is_empty(format($$
	select c.oid::regclass, r from pg_class c join ours on ours.oid =
		c.relnamespace, unnest(array['select', 'insert', 'update', 'delete',
		'truncate', 'references', 'trigger']) r
	where c.relkind in ('r', 'v', 'm', 'f', 'p')
		and has_table_privilege(%L, c.oid, r)$$, role_name),
	role_name || ' has no right on a table') from pools;
select is_empty(format($$
	select c.oid::regclass, r from pg_class c join ours on ours.oid =
		c.relnamespace, unnest(array['select', 'insert', 'update',
		'references']) r
	where c.relkind in ('r', 'v', 'm', 'f', 'p')
		and has_any_column_privilege(%L, c.oid, r)$$, role_name),
	role_name || ' has no right on a column') from pools;
select is_empty(format($$
	select c.oid::regclass from pg_class c join ours on ours.oid =
		c.relnamespace
	where case when c.relkind = 'S' then
		has_sequence_privilege(%L, c.oid, 'usage, select, update') end$$,
	role_name), role_name || ' has no right on a sequence') from pools;
select is_empty(format($$
	select t.oid::regtype from pg_type t join ours on ours.oid =
		t.typnamespace
	where t.typelem = 0 and has_type_privilege(%L, t.oid, 'usage')$$,
	role_name), role_name || ' has no right on a type') from pools;

-- The roles themselves.
select is_empty($$select * from pg_roles join pools on rolname = role_name
	where rolsuper or rolcreaterole or rolcreatedb or rolreplication
		or rolbypassrls or not rolcanlogin$$, 'they are plain logins');
select is_empty($$select * from pg_auth_members
	where member in (select role_name::regrole from pools)
		or roleid in (select oid from pg_roles where rolname ~ '^florin')$$,
	'nobody is a member of another');
select is_empty($$select * from pg_shdepend
	where deptype = 'o'
		and refobjid in (select role_name::regrole::oid from pools)$$,
	'they own nothing');
select is((select rolcanlogin from pg_roles where rolname = 'florin_owner'),
	false, 'nobody logs in as the owner');
select is_empty($$select role_name, r from pools,
	unnest(array['create', 'temporary']) r
	where has_database_privilege(role_name, current_database(), r)$$,
	'they create nothing in the database, not even temporary tables');
select is_empty($$select datname from pg_database d,
	aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
	where d.datname = current_database() and a.grantee = 0$$,
	'PUBLIC may not even connect');
select is_empty($$select l.* from pg_language l, pools
	where lanpltrusted is false and lanispl
		and has_language_privilege(role_name, l.oid, 'usage')$$,
	'no untrusted language');
select is_empty($$select f.oid from pg_foreign_server f, pools
	where has_server_privilege(role_name, f.oid, 'usage')$$,
	'no foreign server');

-- PUBLIC has nothing of ours, and will have nothing of what is made later.
select is_empty($$
	select p.oid::regprocedure::text from pg_proc p join ours on ours.oid =
		p.pronamespace, aclexplode(coalesce(p.proacl,
		acldefault('f', p.proowner))) a where a.grantee = 0
	union all
	select c.oid::regclass::text from pg_class c join ours on ours.oid =
		c.relnamespace, aclexplode(c.relacl) a where a.grantee = 0
	union all
	select t.oid::regtype::text from pg_type t join ours on ours.oid =
		t.typnamespace, aclexplode(coalesce(t.typacl,
		acldefault('T', t.typowner))) a where a.grantee = 0 and t.typelem = 0
	union all
	select o.nspname from ours o join pg_namespace n using (oid),
		aclexplode(n.nspacl) a where a.grantee = 0$$,
	'PUBLIC has no right on anything');
set local role florin_owner;
create function florin_api.later() returns integer language sql
	as 'select 1';
create table florin.later (x integer);
reset role;
select ok(not has_function_privilege('florin_jobs', 'florin_api.later()',
	'execute'), 'a later function is nobody''s');
select ok(not has_table_privilege('florin_web', 'florin.later', 'select'),
	'a later table is nobody''s');
drop function florin_api.later();
drop table florin.later;

-- And tried: each statement on each table, as each role.
create function pg_temp.try(role_name name, statement text) returns text
language plpgsql as $$
begin
	execute format('set local role %I', role_name);
	execute statement;
	reset role;
	return 'it ran';
exception when others then
	return sqlstate;
end
$$;
create temp table statements as
	select role_name, format(statement, c.oid::regclass) as statement
	from pools, pg_class c join ours on ours.oid = c.relnamespace,
		unnest(array['select from %s', 'select count(*) from %s',
		'insert into %s default values', 'delete from %s', 'truncate %s',
		'lock table %s', 'copy %s to program ''cat''',
		'alter table %s add x integer', 'drop table %s',
		'create trigger x before insert on %s execute function x()',
		'grant select on %1$s to public']) statement
	where c.relkind in ('r', 'v');
select cmp_ok(count(*), '>', 300::bigint, 'enough is tried') from statements;
select is_empty($$select role_name, statement, pg_temp.try(role_name,
	statement) from statements
	where pg_temp.try(role_name, statement) <> '42501'$$,
	'no statement on a table is permitted');
select is(pg_temp.try(role_name, statement), '42501',
	role_name || ': ' || regexp_replace(statement, '\s+', ' ', 'g'))
	from pools, unnest(array['create temp table x (y integer)',
		'create table public.x (y integer)', 'create schema x',
		'create role x', 'alter role florin_web superuser',
		'checkpoint', 'select florin.clock()',
		'select florin.advance_clock(''1 s'')',
		'select * from florin.users',
		'select pg_read_file(''/etc/passwd'')',
		'copy (select 1) to ''/tmp/x''',
		'drop function florin_api.barrier()',
		'create or replace function florin_api.barrier() returns void
			language sql as ''''']) statement;

-- What a superuser's session could do in their name, they try as themselves.
create function pg_temp.try_as_login(role_name name, statement text)
returns text language plpgsql as $$
begin
	perform dblink_exec(format('dbname=%s user=%s', current_database(),
		role_name), statement);
	return 'it ran';
exception when others then
	return sqlstate;
end
$$;
select is(pg_temp.try_as_login(role_name, statement), '42501',
	role_name || ' logged in: ' || statement)
	from pools, unnest(array['set role florin_owner',
		'set session authorization postgres', 'set role postgres',
		'alter system set fsync = off',
		'set session_replication_role = replica',
		'delete from florin.users',
		'do $x$ begin perform florin.clock(); end $x$']) statement;
select is(pg_temp.try('florin_jobs', 'select florin_api.barrier()'), '42501',
	'jobs does not call the API''s functions');
select is(pg_temp.try('florin_web', 'select florin_admin.adjust_credits('
	'null, null, null, null, null, null, null, null)'), '42501',
	'web does not call the admin''s');
select is(pg_temp.try('florin_web', 'select florin_api.barrier()'), 'it ran',
	'web calls its own');
select is(pg_temp.try('florin_admin', 'select florin_api.barrier()'),
	'it ran', 'admin too');
select is_empty($$select p.role_name from pools p join pg_roles r
	on r.rolname = p.role_name where not r.rolconfig @> array[
		'enable_seqscan=off', 'plan_cache_mode=force_generic_plan',
		'jit=off']$$,
	'a kept plan never reads a whole table that was small once');
select finish();
rollback;
