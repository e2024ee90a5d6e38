-- florin_admin.resolve_alert.
select no_plan();
select t.register('ra-1');
select t.raise_alert('ra-1');
select t.whole($$select t.move_alert('ra-1', 'resolve')$$, 'ra-1', 2,
	'resolve_alert');
select is(t.move_alert('ra-1', 'resolve') ->> 'status',
	'resolved', 'it is over');
create temp table once as select t.picture('ra-1') as p;
select is(t.move_alert('ra-1', 'acknowledge') ->> 'status', 'resolved',
	'it never goes back');
select is(t.picture('ra-1'), p, 'and nothing is written') from once;
select t.raise_alert('ra-1');
select is(count(*), 2::bigint, 'what comes later is another alert')
	from florin.alerts where user_id = 'ra-1';
select t.move_alert('ra-1', 'acknowledge');
select is(t.move_alert('ra-1', 'resolve') ->> 'status', 'resolved',
	'after somebody looked');
select t.refused($$select t.move_alert('ra-1', 'resolve',
	repeat('0', 26))$$,
	'ra-1', 'not_found');
select finish();
