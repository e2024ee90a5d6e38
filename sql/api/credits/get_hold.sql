-- GET /api/credits/holds/{hold_id}: one hold, open or ended.
create or replace function florin_api.get_hold(
	caller text, user_id text, hold_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	h holds;
begin
	perform touch(user_id, caller);
	select * into h from holds f
		where f.user_id = get_hold.user_id and f.id = hold_id;
	if not found then
		perform refuse('not_found');
	end if;
	return (200, hold_json(h)::text, false, null)::answer;
end
$$;
