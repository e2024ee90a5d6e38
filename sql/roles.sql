-- The database's roles.  Run by a superuser at each `florinctl migrate`,
-- before anything else; every statement may be repeated.
--
-- florin_owner owns all; the others run the functions of their schema and
-- nothing else.  Passwords and pg_hba.conf are the installation's.
do $$
declare
	role_name text;
begin
	foreach role_name in array
		array['florin_owner', 'florin_web', 'florin_admin', 'florin_jobs']
	loop
		if not exists (select from pg_roles where rolname = role_name) then
			execute format('create role %I', role_name);
		end if;
	end loop;
end
$$;

alter role florin_owner nologin;
alter role florin_web login;
alter role florin_admin login;
alter role florin_jobs login;

-- Refusals are exceptions: they are answers, not news for the server's log
-- (the worker logs what is a fault).  One plan a call is always right here.
do $$
declare
	role_name text;
begin
	foreach role_name in array
		array['florin_web', 'florin_admin', 'florin_jobs']
	loop
		execute format('alter role %I set log_min_messages = fatal', role_name);
		execute format('alter role %I set log_min_error_statement = panic',
			role_name);
		execute format('alter role %I set client_min_messages = warning',
			role_name);
		execute format('alter role %I set timezone = ''UTC''', role_name);
		execute format('alter role %I set jit = off', role_name);
		execute format('alter role %I set plan_cache_mode = force_generic_plan',
			role_name);
		-- A plan is made once, perhaps while its table is empty; kept while
		-- the table grows, one that reads all of it becomes slower each
		-- second until the next ANALYZE.
		execute format('alter role %I set enable_seqscan = off', role_name);
		execute format(
			'alter role %I set default_transaction_isolation'
			' = ''read committed''',
			role_name);
		execute format('alter role %I set synchronous_commit = on', role_name);
		execute format('alter role %I set idle_in_transaction_session_timeout'
			' = ''5s''', role_name);
		execute format('alter role %I set lock_timeout = ''500ms''', role_name);
	end loop;
end
$$;

alter role florin_web set statement_timeout = '2s';
alter role florin_admin set statement_timeout = '10s';
alter role florin_jobs set statement_timeout = '30s';

do $$
begin
	execute format('revoke all on database %I from public', current_database());
	execute format('grant connect on database %I'
		' to florin_owner, florin_web, florin_admin, florin_jobs',
		current_database());
	execute format('grant create on database %I to florin_owner',
		current_database());
end
$$;
revoke all on schema public from public;

create schema if not exists florin authorization florin_owner;
create schema if not exists florin_api authorization florin_owner;
create schema if not exists florin_admin authorization florin_owner;
create schema if not exists florin_jobs authorization florin_owner;
