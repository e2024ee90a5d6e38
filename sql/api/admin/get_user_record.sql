-- GET /api/admin/users/{user_id}: everything about one user.
create or replace function florin_admin.get_user_record(
	caller text, user_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform touch(user_id, caller);
	return (200, user_record_json(user_id)::text, false, null)::answer;
end
$$;
