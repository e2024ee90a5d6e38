-- The counters that an action may move are names of stats, each once.
create or replace function florin.check_counters(counters text[])
returns void
language plpgsql
as $$
begin
	if not counters <@ array['session_count', 'session_seconds',
			'message_count', 'task_count', 'checkin_count', 'action_count']
	then
		perform florin.refuse_field('counters', 'choice',
			'each must be the name of a counter of stats');
	end if;
end
$$;
