-- A caller's reference: type and id go together, and the system's own types
-- are not the caller's to use.
create or replace function florin.check_reference(
	reference_type text, reference_id text)
returns void
language plpgsql
as $$
begin
	if reference_type is null and reference_id is null then
		return;
	elsif reference_type is null then
		perform florin.refuse_field('reference_type', 'required',
			'goes together with reference_id');
	elsif reference_id is null then
		perform florin.refuse_field('reference_id', 'required',
			'goes together with reference_type');
	elsif not florin.is_free_reference(reference_type, reference_id) then
		perform florin.refuse_field('reference_type', 'choice',
			'this type is the system''s own');
	end if;
end
$$;

create or replace function florin.is_free_reference(
	reference_type text, reference_id text)
returns boolean
language sql immutable
as $$
	select (reference_type is null) = (reference_id is null)
		and coalesce(reference_type not in ('order', 'task', 'hold',
			'checkin', 'membership', 'transaction', 'code'), true)
$$;
