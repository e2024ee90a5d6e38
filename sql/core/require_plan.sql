-- Refuse whoever has not at least this plan; null: everybody may.  Without
-- plans nobody has one.
create or replace function florin.require_plan(uid text, min_plan text)
returns void
language plpgsql
as $$
begin
	if min_plan is not null then
		perform florin.refuse('members_only', jsonb_build_object(
			'plans', jsonb_build_array(min_plan)));
	end if;
end
$$;
