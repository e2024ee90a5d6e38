-- florin_admin.get_settings: the settings of the business.
select no_plan();
create temp table shown as
	select body::jsonb as b from florin_admin.get_settings('admin:root');
select is((select count(*) from jsonb_object_keys(b)),
	(select count(*) from florin.settings), 'each one is there') from shown;
select is(b -> 'streak_days', '{"value": 7, "default": 7,
	"doc": "a bonus for each so many days of check-ins in a row",
	"type": "integer", "minimum": 1, "maximum": 366, "choices": null,
	"offline": false}', 'with all about it') from shown;
select is_empty($$select name from florin.settings s
	where (florin.setting_fault(s, s.default)).code is not null
		and not s.offline$$, 'every default would pass');

select finish();
