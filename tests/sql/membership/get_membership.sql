-- A membership as its user sees it.
begin;
select no_plan();
select t.stop('2027-03-10 12:00'), t.register('gm-1');
select is(t.membership('gm-1'), '{"plan": null, "period": null,
	"status": "none", "monthly_credits": null, "started_at": null,
	"expires_at": null, "next_reset_at": null, "upcoming": [],
	"balance": 50}', 'none');
select t.add_member('gm-1', 'lite');
create temp table answers as
	select florin_api.get_membership('user', 'gm-1', null) as first;
select is((first).status, 200, 'found') from answers;
select is((first).revision, revision, 'with the wallet''s revision')
	from answers, florin.wallets where user_id = 'gm-1';
select is(florin_api.get_membership('user', 'gm-1', (first).revision),
	row (304, (first).body, false, (first).revision)::florin.answer,
	'304 while nothing changes') from answers;
select t.stop('2027-04-01');
select is((florin_api.get_membership('user', 'gm-1', (first).revision)).status,
	200, 'a reset is a change') from answers;
select t.refused($$select t.membership('gm-none')$$, 'gm-none',
	'user_not_found');

-- The view sees the same, settled or not.
select t.register('gm-2'), t.add_member('gm-2', 'pro'),
	t.add_member('gm-2', 'lite'), t.add_member('gm-2', 'premium');
create function pg_temp.look(uid text) returns jsonb language sql as $$
	select jsonb_build_object('plan', plan, 'status', status,
		'monthly_credits', monthly_credits)
	from florin.user_membership_status where user_id = uid
$$;
create function pg_temp.same(at timestamp) returns text language plpgsql as $$
declare
	seen jsonb;
begin
	perform t.stop(at);
	seen := pg_temp.look('gm-2');
	return is(seen, (select jsonb_object_agg(key, value)
		from jsonb_each(t.membership('gm-2')) where seen ? key),
		'the view at ' || at);
end
$$;
select pg_temp.same(at) from unnest(array['2027-04-02', '2027-04-30 23:59:59',
	'2027-05-01', '2027-05-31', '2027-06-01', '2027-07-01']::timestamp[]) at;
select is(status, 'none', 'nobody is none')
	from florin.user_membership_status, (select t.register('gm-3')) r
	where user_id = 'gm-3';
select finish();
rollback;
