-- What the pools' roles can do beside their work, a row for each right too
-- many (none: all is well).  Their work: run the functions of their schemas.
create or replace function florin.check_rights()
returns table (role_name text, excess text)
language sql stable
as $$
	with pool (role_name, schemas) as (
		values ('florin_web', array['florin_api']),
			('florin_admin', array['florin_api', 'florin_admin']),
			('florin_jobs', array['florin_jobs'])
	), place as (
		select oid, nspname::text as name from pg_namespace
		where nspname !~ '^pg_' and nspname <> 'information_schema'
	)
	select p.role_name, 'the role is not there' from pool p
	where not exists (select from pg_roles r where r.rolname = p.role_name)
	union all
	select r.rolname, 'may more than log in' from pg_roles r
	join pool p on p.role_name = r.rolname
	where r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls
		or r.rolreplication
	union all
	select r.rolname, 'is a member of ' || m.roleid::regrole
	from pg_auth_members m join pg_roles r on r.oid = m.member
	join pool p on p.role_name = r.rolname
	union all
	select r.rolname, 'owns ' || s.classid::regclass || ' ' || s.objid
	from pg_shdepend s join pg_roles r on r.oid = s.refobjid
	join pool p on p.role_name = r.rolname
	where s.deptype = 'o'
	union all
	select r.rolname, 'may create in this database' from pg_roles r
	join pool p on p.role_name = r.rolname
	where has_database_privilege(r.oid, current_database(), 'create')
		or has_database_privilege(r.oid, current_database(), 'temporary')
	union all
	select r.rolname, s.right_name || ' on schema ' || n.name
	from pg_roles r join pool p on p.role_name = r.rolname, place n,
		unnest(array['usage', 'create']) as s (right_name)
	where has_schema_privilege(r.oid, n.oid, s.right_name)
		and (s.right_name = 'create' or n.name <> all (p.schemas))
	union all
	select r.rolname, s.right_name || ' on ' || c.oid::regclass
	from pg_roles r join pool p on p.role_name = r.rolname,
		pg_class c join place n on n.oid = c.relnamespace,
		unnest(array['select', 'insert', 'update', 'references'])
			as s (right_name)
	where c.relkind in ('r', 'v', 'm', 'f', 'p')
		and (n.name ~ '^florin' or has_schema_privilege(r.oid, n.oid, 'usage'))
		and (has_any_column_privilege(r.oid, c.oid, s.right_name)
			or has_table_privilege(r.oid, c.oid,
				s.right_name || ', delete, truncate, trigger'))
	union all
	select r.rolname, 'use of ' || c.oid::regclass
	from pg_roles r join pool p on p.role_name = r.rolname,
		pg_class c join place n on n.oid = c.relnamespace
	where (n.name ~ '^florin' or has_schema_privilege(r.oid, n.oid, 'usage'))
		and case when c.relkind = 'S' then
			has_sequence_privilege(r.oid, c.oid, 'usage, select, update') end
	union all
	select r.rolname, 'execute on ' || f.oid::regprocedure
	from pg_roles r join pool p on p.role_name = r.rolname,
		pg_proc f join place n on n.oid = f.pronamespace
	where n.name <> all (p.schemas)
		and has_function_privilege(r.oid, f.oid, 'execute')
		and has_schema_privilege(r.oid, n.oid, 'usage')
$$;

-- What they cannot do of their work.
create or replace function florin.check_duties()
returns table (role_name text, lack text)
language sql stable
as $$
	select p.role_name, 'execute on ' || f.oid::regprocedure
	from (values ('florin_web', 'florin_api'), ('florin_admin', 'florin_api'),
			('florin_admin', 'florin_admin'), ('florin_jobs', 'florin_jobs'))
			as p (role_name, place)
	join pg_namespace n on n.nspname = p.place
	join pg_proc f on f.pronamespace = n.oid
	where not has_function_privilege(p.role_name, f.oid, 'execute')
		or not has_schema_privilege(p.role_name, n.oid, 'usage')
$$;
