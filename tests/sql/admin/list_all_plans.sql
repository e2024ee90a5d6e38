-- florin_admin.list_all_plans.
select no_plan();
create temp table shown as
	select body::jsonb as b
	from florin_admin.list_all_plans('admin:root', 200, null);
select is((select count(*) from jsonb_array_elements(b -> 'data')),
	(select count(*) from florin.plans), 'all of them') from shown;
select is(b -> 'has_more', 'false', 'on one page') from shown;
select is((select array_agg(r ->> 'plan')
	from jsonb_array_elements(b -> 'data') r),
	array(select plan from florin.plans order by 1),
	'in order of the key') from shown;
select finish();
