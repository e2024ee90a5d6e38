-- florin_admin.list_task_prices.
select no_plan();
create temp table shown as
	select body::jsonb as b
	from florin_admin.list_task_prices('admin:root', 200, null);
select is((select count(*) from jsonb_array_elements(b -> 'data')),
	(select count(*) from florin.task_prices), 'all of them') from shown;
select is(b -> 'has_more', 'false', 'on one page') from shown;
select is((select array_agg(r ->> 'kind')
	from jsonb_array_elements(b -> 'data') r),
	array(select kind from florin.task_prices order by 1),
	'in order of the key') from shown;
select finish();
