-- florin.check_rights and check_duties see each right too many or missing.
begin;
select no_plan();
select is_empty('select * from florin.check_rights()', 'no right too many');
select is_empty('select * from florin.check_duties()', 'none missing');

create temp table grants (role_name text, change text);
insert into grants values
	('florin_web', 'grant select on florin.users to florin_web'),
	('florin_web', 'grant select (email) on florin.users to florin_web'),
	('florin_web', 'grant update (email) on florin.users to florin_web'),
	('florin_jobs', 'grant insert on florin.wallets to florin_jobs'),
	('florin_admin', 'grant update on florin.wallets to florin_admin'),
	('florin_admin', 'grant delete on florin.grants to florin_admin'),
	('florin_web', 'grant truncate on florin.stats to florin_web'),
	('florin_web', 'grant references on florin.users to florin_web'),
	('florin_web', 'grant trigger on florin.users to florin_web'),
	('florin_web', 'grant select on florin.users to public'),
	('florin_web', 'grant usage on schema florin to florin_web'),
	('florin_web', 'grant usage on schema florin_admin to florin_web'),
	('florin_web', 'grant create on schema florin_api to florin_web'),
	('florin_jobs', 'grant usage on schema florin_api to florin_jobs'),
	('florin_web', 'grant usage on schema public to florin_web'),
	('florin_web', 'create sequence florin.numbers;
		grant usage on sequence florin.numbers to florin_web'),
	('florin_web', 'grant temporary on database ' || current_database()
		|| ' to florin_web'),
	('florin_web', 'grant create on database ' || current_database()
		|| ' to public'),
	('florin_web', 'grant florin_admin to florin_web'),
	('florin_web', 'grant pg_read_all_data to florin_web'),
	('florin_web', 'alter role florin_web superuser'),
	('florin_jobs', 'alter role florin_jobs bypassrls'),
	('florin_jobs', 'alter role florin_jobs createrole'),
	('florin_web', 'alter table florin.stats owner to florin_web'),
	('florin_jobs', 'grant usage on schema florin to florin_jobs;
		grant execute on function florin.clock() to florin_jobs');
create function pg_temp.seen(change text, check_name text) returns text[]
language plpgsql as $$
declare
	found text[];
begin
	begin
		execute change;
		execute 'select array(select role_name from florin.' || check_name
			|| '())' into found;
		raise exception using errcode = 'XX998';
	exception when sqlstate 'XX998' then
		return found;
	end;
end
$$;
select ok(pg_temp.seen(change, 'check_rights') @> array[role_name],
	'seen: ' || regexp_replace(change, '\s+', ' ', 'g')) from grants;

select is(pg_temp.seen(change, 'check_duties'), array[role_name],
	regexp_replace(change, '\s+', ' ', 'g'))
	from (values
	('florin_web', 'revoke execute on function florin_api.barrier()
		from florin_web'),
	('florin_admin', 'revoke execute on function florin_api.barrier()
		from florin_admin')) as x (role_name, change);
select ok(pg_temp.seen('revoke usage on schema florin_api from florin_web',
	'check_duties') @> array['florin_web'], 'a schema out of reach');
select finish();
rollback;
