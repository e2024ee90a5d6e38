-- florin_admin.list_all_packages.
select no_plan();
insert into florin.credit_packages
	(package_id, title, credits, amount, currency, available)
	select n, n, 1, 1, 'XTS', false from unnest(array['pl.b', 'pl.a']) n;
create temp table shown as
	select body::jsonb as b
	from florin_admin.list_all_packages('admin:root', 200, null);
select is((select count(*) from jsonb_array_elements(b -> 'data')),
	(select count(*) from florin.credit_packages), 'all of them') from shown;
select is(b -> 'has_more', 'false', 'on one page') from shown;
select is((select array_agg(r ->> 'package_id')
	from jsonb_array_elements(b -> 'data') r),
	array(select package_id from florin.credit_packages order by 1),
	'in order of the key') from shown;
delete from florin.credit_packages where package_id ~ '^pl\.';
select finish();
