-- GET /api/tasks/{task_id}.
create or replace function florin_api.get_task(
	caller text, user_id text, task_id text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform touch(user_id, caller);
	return (200, task_json(expect_task(user_id, task_id))::text, false,
		null)::answer;
end
$$;
