-- What is wrong with a new value of a setting: code and detail of the field's
-- error; null if nothing.  `s` is null for one that there is not.
create or replace function florin.setting_fault(
	s florin.settings, new_value jsonb, out code text, out detail text)
language plpgsql stable
as $$
declare
	plain constant text := new_value #>> '{}';
	wanted constant text := case s.type
		when 'integer' then 'number' when 'boolean' then 'boolean'
		else 'string' end;
	size numeric;
begin
	if s.name is null then
		code := 'unknown';
		detail := 'there is no such setting';
		return;
	elsif s.offline then
		code := 'unknown';
		detail := 'can be changed offline only';
		return;
	elsif jsonb_typeof(new_value) <> wanted then
		code := 'type';
		detail := format('must be %s', case s.type
			when 'integer' then 'an integer'
			when 'boolean' then 'true or false' else 'a text' end);
		return;
	elsif s.type = 'choice' and plain <> all(s.choices) then
		code := 'choice';
		detail := 'must be one of ' || array_to_string(s.choices, '|');
		return;
	elsif s.type = 'interval' then
		size := florin.interval_seconds(plain);
		if size is null then
			code := 'format';
			detail := 'must be a time like 90 min or 7 d';
			return;
		end if;
	elsif s.type = 'integer' then
		size := plain;
	elsif s.type = 'text' then
		size := length(plain);
	end if;
	if size < coalesce(s.minimum, case s.type
				when 'interval' then 0 when 'text' then 1 end)
			or size > coalesce(s.maximum, case s.type
				when 'interval' then 3153600000 when 'text' then 500 end)
	then
		code := case s.type when 'text' then 'length' else 'range' end;
		detail := format('must be %s to %s%s', coalesce(s.minimum, 0),
			coalesce(s.maximum::text, 'any'), case s.type
			when 'interval' then ' seconds' when 'text' then ' characters'
			else '' end);
	end if;
end
$$;

-- How many seconds an interval's text means; null if it is none.
create or replace function florin.interval_seconds(plain text)
returns numeric
language plpgsql stable
as $$
begin
	return extract(epoch from plain::interval);
exception when data_exception then
	return null;
end
$$;

-- All settings, as the API shows them.
create or replace function florin.settings_json() returns json
language sql stable
as $$
	select json_object_agg(s.name, json_build_object(
		'value', s.value,
		'default', s.default,
		'doc', s.doc,
		'type', s.type,
		'minimum', s.minimum,
		'maximum', s.maximum,
		'choices', s.choices,
		'offline', s.offline) order by s.name)
	from florin.settings s
$$;
