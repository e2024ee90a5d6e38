-- Before functions are replaced: away with the old ones, so that one whose
-- arguments or result changed, or that is no more, leaves nothing behind.
-- What something depends on (a trigger's function) stays.
do $$
declare
	old record;
begin
	for old in
		select c.oid::regclass as name from pg_class c
			where c.relnamespace = 'florin'::regnamespace and c.relkind = 'v'
	loop
		execute format('drop view %s cascade', old.name);
	end loop;
	for old in
		select p.oid::regprocedure as name
			from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname in
				('florin', 'florin_api', 'florin_admin', 'florin_jobs')
				and not exists (
					select from pg_depend d
					where d.refclassid = 'pg_proc'::regclass
						and d.refobjid = p.oid)
	loop
		execute format('drop routine %s', old.name);
	end loop;
end
$$;
