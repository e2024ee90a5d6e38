-- Who may what members may, and which plan to suggest.
begin;
select no_plan();
create function pg_temp.may(uid text, min_plan text) returns jsonb
language sql as $$
	select t.fault(format('select florin.require_plan(%L, %L)', uid, min_plan))
		- 'explanation' - 'state'
$$;
create function pg_temp.suggested(uid text) returns jsonb language sql as $$
	select florin.suggested_plan(uid)
$$;
select t.stop('2027-03-10 12:00'), t.register('mo-2');
select is(pg_temp.may('mo-2', null), null, 'everybody');
select is(pg_temp.may('mo-2', 'lite'), '{"code": "members_only",
	"extras": {"plans": ["lite", "pro", "premium"]}}', 'nobody''s');
select is(pg_temp.suggested('mo-2'),
	'[{"kind": "upgrade", "plan": "lite"}]', 'the first');
select t.add_member('mo-2', 'pro');
select is(pg_temp.may('mo-2', 'lite'), null, 'a higher one does');
select is(pg_temp.may('mo-2', 'pro'), null, 'the same does');
select is(pg_temp.may('mo-2', 'premium'), '{"code": "members_only",
	"extras": {"plans": ["premium"]}}', 'a lower one does not');
select is(pg_temp.may('mo-2', 'gold'), '{"code": "members_only",
	"extras": {"plans": []}}', 'a plan that is not there lets nobody in');
select is(pg_temp.suggested('mo-2'),
	'[{"kind": "upgrade", "plan": "premium"}]', 'the next');
update florin.plans set available = false where plan = 'premium';
select is(pg_temp.suggested('mo-2'), '[]', 'none that is not sold');
select t.add_member('mo-2', 'lite'), t.stop('2027-04-11'),
	t.membership('mo-2');
select is(pg_temp.may('mo-2', 'pro') ->> 'code', 'members_only',
	'what runs now counts');
select t.end_member('mo-2');
select is(pg_temp.may('mo-2', 'lite') ->> 'code', 'members_only',
	'not what is over');
select finish();
rollback;
