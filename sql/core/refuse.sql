-- Refuse the operation: everything it did is undone.  `code` is a row of
-- src/errors.def; `extras` are members of the answer, `explanation` is its
-- detail.
create or replace function florin.refuse(
	code text, extras jsonb default '{}', explanation text default null)
returns void
language plpgsql
as $$
begin
	raise exception using errcode = 'FL000', message = code,
		detail = extras, hint = coalesce(explanation, '');
end
$$;

-- Refuse one field: 400 invalid_request with its name.
create or replace function florin.refuse_field(
	field text, code text, explanation text)
returns void
language sql
as $$
	select florin.refuse('invalid_request', jsonb_build_object('errors',
		jsonb_build_array(jsonb_build_object(
			'field', field, 'code', code, 'detail', explanation))),
		field || ': ' || explanation)
$$;

-- A refusal that keeps what the function wrote (an alert, say): the function
-- returns it instead of raising.  Status 0 tells the program that the body is
-- code, explanation and extra members, a line each.
create or replace function florin.refusal(
	code text, extras jsonb default '{}', explanation text default '')
returns florin.answer
language sql immutable
as $$
	select 0, code || E'\n' || replace(explanation, E'\n', ' ') || E'\n'
		|| extras::text, false, null::bigint
$$;
