-- Who may do what, anew at each `florinctl migrate`, by florin_owner.  The
-- pools' roles run the functions of their schemas; nobody else has anything.
alter default privileges revoke all on functions from public;
alter default privileges revoke all on types from public;

do $$
declare
	place text;
	thing regtype;
begin
	foreach place in array
		array['florin', 'florin_api', 'florin_admin', 'florin_jobs']
	loop
		execute format('revoke all on schema %I'
			' from public, florin_web, florin_admin, florin_jobs', place);
		execute format('revoke all on all tables in schema %I'
			' from public, florin_web, florin_admin, florin_jobs', place);
		execute format('revoke all on all sequences in schema %I'
			' from public, florin_web, florin_admin, florin_jobs', place);
		execute format('revoke all on all routines in schema %I'
			' from public, florin_web, florin_admin, florin_jobs', place);
		for thing in
			select t.oid from pg_type t
				join pg_namespace n on n.oid = t.typnamespace
				where n.nspname = place and t.typelem = 0
		loop
			execute format('revoke all on type %s'
				' from public, florin_web, florin_admin, florin_jobs', thing);
		end loop;
	end loop;
end
$$;

grant usage on schema florin_api to florin_web, florin_admin;
grant execute on all routines in schema florin_api to florin_web, florin_admin;
grant usage on schema florin_admin to florin_admin;
grant execute on all routines in schema florin_admin to florin_admin;
grant usage on schema florin_jobs to florin_jobs;
grant execute on all routines in schema florin_jobs to florin_jobs;
