-- The catalogue: small tables of what the site offers.  Each noun has a table,
-- the column that is its key, and the function that shows a row.
create or replace function florin.catalogue(
	noun text, out place text, out key text, out shape text)
language sql immutable
as $$
	select c.place, c.key, c.shape
	from (values
		('credit_source', 'florin.credit_sources', 'source',
			'florin.credit_source_json'),
		('package', 'florin.credit_packages', 'package_id',
			'florin.package_json'),
		('plan', 'florin.plans', 'plan', 'florin.plan_json'),
		('task_price', 'florin.task_prices', 'kind',
			'florin.task_price_json'),
		('action_type', 'florin.action_types', 'action_type',
			'florin.action_type_json'),
		('feature', 'florin.features', 'feature', 'florin.feature_json')
	) as c (noun, place, key, shape)
	where c.noun = catalogue.noun
$$;

-- The fields that were given.  0 days and the plan '' say that there is none.
-- A plan that is needed must be there.
create or replace function florin.given(fields jsonb) returns jsonb
language plpgsql stable
as $$
begin
	if fields ->> 'min_plan' <> '' and not exists (select from florin.plans p
			where p.plan = fields ->> 'min_plan') then
		perform florin.refuse('unknown_plan');
	end if;
	return florin.given_fields(fields);
end
$$;

create or replace function florin.given_fields(fields jsonb) returns jsonb
language sql immutable
as $$
	select coalesce(jsonb_object_agg(f.key, case
		when f.key = 'expires_after_days' and f.value = '0'
			or f.key = 'min_plan' and f.value = '""' then 'null'
		else f.value end), '{}')
	from jsonb_each(fields) f where f.value <> 'null'
$$;

-- Does a row show exactly these values?
create or replace function florin.has_fields(shown jsonb, fields jsonb)
returns boolean
language sql immutable
as $$
	select coalesce(bool_and(shown -> f.key = f.value), true)
	from jsonb_each(fields) f
$$;

-- One row as the API shows it, null if there is none.
create or replace function florin.catalogue_row(noun text, row_key text)
returns jsonb
language plpgsql stable
as $$
declare
	c record;
	found_row jsonb;
begin
	select * into strict c from florin.catalogue(noun);
	execute format('select %s(t)::jsonb from %s t where t.%I = $1',
		c.shape, c.place, c.key) into found_row using row_key;
	return found_row;
end
$$;

-- A page of a noun, in order of the key.
create or replace function florin.list_catalogue(
	noun text, page bigint, cursor text)
returns florin.answer
language plpgsql stable
as $$
declare
	c record;
	after constant text := florin.cursor_key(cursor);
	rows json[];
	keys text[];
begin
	select * into strict c from florin.catalogue(noun);
	page := coalesce(page, 50);
	execute format('select array_agg(p.shown order by p.key),'
		' array_agg(p.key order by p.key) from ('
		' select %1$s(t) as shown, t.%2$I as key from %3$s t'
		' where $1 is null or t.%2$I > $1 order by t.%2$I limit $2) p',
		c.shape, c.key, c.place)
		into rows, keys using after, page + 1;
	return florin.list_answer(rows, page, florin.key_cursor(keys[page]));
end
$$;

-- Add a row; false if its key is there already.
create or replace function florin.create_catalogue_row(
	noun text, fields jsonb)
returns boolean
language plpgsql
as $$
declare
	c record;
	columns text;
	made bigint;
begin
	select * into strict c from florin.catalogue(noun);
	select string_agg(format('%I', k), ', ') into columns
		from jsonb_object_keys(fields) k;
	execute format('insert into %1$s (%2$s) select %2$s'
		' from jsonb_populate_record(null::%1$s, $1)'
		' on conflict (%3$I) do nothing', c.place, columns, c.key)
		using fields;
	get diagnostics made = row_count;
	return made = 1;
end
$$;

-- Lock a row and show it as it stands; refused if it is not there.
create or replace function florin.lock_catalogue_row(
	noun text, row_key text)
returns jsonb
language plpgsql
as $$
declare
	c record;
	shown jsonb;
begin
	select * into strict c from florin.catalogue(noun);
	execute format('select from %s t where t.%I = $1 for update',
		c.place, c.key) using row_key;
	shown := florin.catalogue_row(noun, row_key);
	if shown is null then
		perform florin.refuse('not_found');
	end if;
	return shown;
end
$$;

-- Change the fields of a row.
create or replace procedure florin.update_catalogue_row(
	noun text, row_key text, fields jsonb)
language plpgsql
as $$
declare
	c record;
	columns text;
begin
	if fields = '{}' then
		return;
	end if;
	select * into strict c from florin.catalogue(noun);
	select string_agg(format('%I', k), ', ') into columns
		from jsonb_object_keys(fields) k;
	execute format('update %1$s t set (%2$s) = row(%3$s)'
		' from jsonb_populate_record(null::%1$s, $1) n where t.%4$I = $2',
		c.place, columns,
		(select string_agg(format('n.%I', k), ', ')
			from jsonb_object_keys(fields) k), c.key)
		using fields, row_key;
end
$$;

-- Note what was changed, and answer with the row.  Nothing changed: no note.
create or replace function florin.answer_catalogue(
	noun text, row_key text, caller text, operation text, before jsonb,
	reason text, ip text, user_agent text)
returns florin.answer
language plpgsql
as $$
declare
	after constant jsonb := florin.catalogue_row(noun, row_key);
	body text;
	c record;
begin
	if before is distinct from after then
		perform florin.log_operation(caller, '', operation, before, after,
			reason, ip, user_agent);
	end if;
	select * into strict c from florin.catalogue(noun);
	execute format('select %s(t)::text from %s t where t.%I = $1',
		c.shape, c.place, c.key) into body using row_key;
	return (200, body, false, null)::florin.answer;
end
$$;

-- POST of a noun whose fields all stand in its own table.  A row that is there
-- already as it was given is answered; with other fields it is refused.
create or replace function florin.create_catalogue(
	noun text, fields jsonb, caller text, operation text, reason text,
	ip text, user_agent text)
returns florin.answer
language plpgsql
as $$
declare
	key constant text := fields ->> (florin.catalogue(noun)).key;
	given constant jsonb := florin.given(fields);
	before jsonb;
begin
	if not florin.create_catalogue_row(noun, given) then
		before := florin.lock_catalogue_row(noun, key);
		if not florin.has_fields(before, given) then
			perform florin.refuse('already_done', '{}',
				'it exists with other fields: change it with PATCH');
		end if;
	end if;
	return florin.answer_catalogue(noun, key, caller, operation, before,
		reason, ip, user_agent);
end
$$;

-- PATCH of such a noun.
create or replace function florin.update_catalogue(
	noun text, row_key text, fields jsonb, caller text, operation text,
	reason text, ip text, user_agent text)
returns florin.answer
language plpgsql
as $$
declare
	before constant jsonb := florin.lock_catalogue_row(noun, row_key);
begin
	call florin.update_catalogue_row(noun, row_key, florin.given(fields));
	return florin.answer_catalogue(noun, row_key, caller, operation, before,
		reason, ip, user_agent);
end
$$;
