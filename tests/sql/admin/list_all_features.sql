-- florin_admin.list_all_features.
select no_plan();
insert into florin.features
	select n, 'x', 1, 'http://up.example', 5, null
	from unnest(array['lf.b', 'lf.a', 'lf.c']) n;
create temp table shown as
	select body::jsonb as b
	from florin_admin.list_all_features('admin:root', 200, null);
select is((select count(*) from jsonb_array_elements(b -> 'data')),
	(select count(*) from florin.features), 'all of them') from shown;
select is(b -> 'has_more', 'false', 'on one page') from shown;
select is((select array_agg(r ->> 'feature')
	from jsonb_array_elements(b -> 'data') r),
	array(select feature from florin.features order by 1),
	'in order of the key') from shown;
delete from florin.features where feature ~ '^lf\.';
select finish();
