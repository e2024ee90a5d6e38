-- Things that users of most sites do.  A row that somebody changed stays.
insert into florin.action_types (action_type, counters)
values
	('view', '{}'),
	('share', '{action_count}'),
	('like', '{action_count}'),
	('download', '{action_count}'),
	('feedback', '{action_count}')
on conflict (action_type) do nothing;
