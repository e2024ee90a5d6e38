-- florin_api.list_actions: what a user did, newest first.
select no_plan();

create function pg_temp.act(uid text, type text, target text default null,
	metadata jsonb default null, caller text default 'user')
returns jsonb language sql as $$
	select body::jsonb from florin_api.record_action(caller, uid, null, null,
		null, null, type, target, metadata)
$$;

select t.register('al-1');
select pg_temp.act('al-1', type)
	from unnest(array['share', 'view', 'share']) type;
create function pg_temp.list(type text default null, "limit" bigint
	default null, cursor text default null, "from" timestamptz default null,
	"to" timestamptz default null)
returns jsonb language sql as $$
	select body::jsonb from florin_api.list_actions('user', 'al-1', type,
		"from", "to", "limit", cursor)
$$;
create function pg_temp.types(page jsonb) returns jsonb
language sql as $$
	select jsonb_path_query_array(page, '$.data[*].action_type')
$$;
select t.sleep('1 s');
select pg_temp.act('al-1', 'like');
select is(pg_temp.types(pg_temp.list()) -> 0, '"like"', 'newest first');
select is(jsonb_array_length(pg_temp.list() -> 'data'), 4, 'all of them');
select is(pg_temp.list('like') -> 'data',
	jsonb_build_array(pg_temp.list() #> '{data,0}'), 'of one type');
select is(pg_temp.types(pg_temp.list(null, 1)), '["like"]', 'a page');
select is(jsonb_array_length(pg_temp.list(null, 9,
	pg_temp.list(null, 1) ->> 'next_cursor') -> 'data'), 3, 'the next');
select is(pg_temp.types(pg_temp.list("from" =>
	(pg_temp.list() #>> '{data,0,created_at}')::timestamptz)), '["like"]',
	'from');
select is(jsonb_array_length(pg_temp.list("to" =>
	(pg_temp.list() #>> '{data,0,created_at}')::timestamptz) -> 'data'), 3,
	'to');
select t.register('al-2');
select is(body::jsonb -> 'data', '[]', 'another has none')
	from florin_api.list_actions('user', 'al-2', null, null, null, null, null);
select t.refused($$select florin_api.list_actions('user', 'al-n', null, null,
	null, null, null)$$, 'al-n', 'user_not_found');
select t.all_well('al-1');
select finish();
