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
	elsif reference_type in ('order', 'task', 'hold', 'checkin', 'membership',
			'transaction', 'code') then
		perform florin.refuse_field('reference_type', 'choice',
			'this type is the system''s own');
	end if;
end
$$;
