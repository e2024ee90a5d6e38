-- florin_admin.list_action_types.
select no_plan();
create temp table shown as
	select body::jsonb as b
	from florin_admin.list_action_types('admin:root', 200, null);
select is((select count(*) from jsonb_array_elements(b -> 'data')),
	(select count(*) from florin.action_types), 'all of them') from shown;
select is(b -> 'has_more', 'false', 'on one page') from shown;
select is((select array_agg(r ->> 'action_type')
	from jsonb_array_elements(b -> 'data') r),
	array(select action_type from florin.action_types order by 1),
	'in order of the key') from shown;
select finish();
