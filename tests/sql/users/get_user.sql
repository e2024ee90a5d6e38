-- florin_api.get_user: user, wallet, membership, stats; settles first.
select no_plan();

select t.register('gu-1');
create temp table answer as
	select * from florin_api.get_user('user', 'gu-1', null);
select is(status, 200, '200') from answer;
select is(revision, 1::bigint, 'with the wallet''s revision') from answer;
select is(array(select jsonb_object_keys(body::jsonb) order by 1),
	array['membership', 'stats', 'user', 'wallet'], 'its parts') from answer;
select is(body::jsonb -> 'membership', '{"plan": null, "period": null,
	"status": "none", "monthly_credits": null, "started_at": null,
	"expires_at": null, "next_reset_at": null, "upcoming": []}',
	'nobody is a member') from answer;

select results_eq($$select status, revision, body
	from florin_api.get_user('user', 'gu-1', 1)$$,
	$$values (304, 1::bigint, null)$$, 'the same revision: 304, no body');
select results_eq($$select status, revision
	from florin_api.get_user('user', 'gu-1', 0)$$,
	$$values (200, 1::bigint)$$, 'another revision: 200');
select t.refused($$select florin_api.get_user('user', 'gu-none', null)$$,
	'gu-none', 'user_not_found');

select t.give('gu-1', 10, expires_at => t.now() + '1 h');
select t.sleep('1 h');
select results_eq($$select status, revision, body::jsonb #> '{wallet,balance}'
	from florin_api.get_user('user', 'gu-1', 2)$$,
	$$values (200, 3::bigint, '50'::jsonb)$$,
	'what was due is applied before the revision is compared');

select t.register('gu-2');
select florin_api.start_session('user', 'gu-2', null, null,
	null, null, null, null);
select results_eq($$select status, revision, body is null
	from florin_api.get_user('user', 'gu-2', 1)$$,
	$$values (200, 2::bigint, false)$$,
	'only the stats have changed, the wallet has not: a whole answer');
select results_eq($$select status, revision, body
	from florin_api.get_user('user', 'gu-2', 2)$$,
	$$values (304, 2::bigint, null)$$, 'what is then known is enough');
select t.all_well('gu-1');
select finish();
