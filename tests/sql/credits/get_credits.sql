-- florin_api.get_credits: the wallet with grants and membership; `at`.
select no_plan();

create function pg_temp.at(moment timestamptz) returns jsonb
language sql as $$
	select body::jsonb
	from florin_api.get_credits('user', 'gc-1', null, moment)
$$;

select t.register('gc-1');
select t.give('gc-1', 5, priority => 30), t.give('gc-1', 6, priority => 10),
	t.give('gc-1', 7, expires_at => t.now() + '1 d', priority => 10);
create temp table answer as
	select * from florin_api.get_credits('user', 'gc-1', null, null);
select is(revision, 4::bigint, 'revision') from answer;
select is((body::jsonb - 'grants' - 'membership' - 'updated_at'), '{
	"user_id": "gc-1", "balance": 68, "held": 0, "level": 1, "version": 4,
	"revision": 4, "total_granted": 68, "total_spent": 0,
	"total_recharged": {}, "first_recharged_at": null, "frozen": false}',
	'the wallet') from answer;
select is((select jsonb_agg((g ->> 'id')::integer) from jsonb_array_elements(
	body::jsonb -> 'grants') g), '[4, 3, 1, 2]', 'grants in burn order')
	from answer;
select is((body::jsonb #> '{grants,1}') - 'effective_at', '{"id": 3,
	"source": "bonus", "amount": 6, "remaining": 6, "priority": 10,
	"expires_at": null}', 'a grant') from answer;
select is(body::jsonb #> '{membership,status}', '"none"', 'the membership')
	from answer;
select results_eq($$select status, body, revision
	from florin_api.get_credits('user', 'gc-1', 4, null)$$,
	$$values (304, null, 4::bigint)$$, 'the same revision: 304');
select t.refused($$select florin_api.get_credits('user', 'gc-none', null,
	null)$$, 'gc-none', 'user_not_found');
select t.refused($$select florin_api.get_credits('user', 'gc-none', null,
	now())$$, 'gc-none', 'user_not_found', '{}', 'with `at` too');

-- Expired grants are not shown, and expire by the reading.
select t.sleep('1 d');
select results_eq($$select status, revision,
	jsonb_array_length(body::jsonb -> 'grants')
	from florin_api.get_credits('user', 'gc-1', 4, null)$$,
	$$values (200, 5::bigint, 3)$$, 'settled on touch');
select is(t.ledger('gc-1', 4), '[["expire", -7]]', 'by a row');
select t.consume('gc-1', t.balance('gc-1'));
select is(body::jsonb -> 'grants', '[]', 'no grants: an empty list')
	from florin_api.get_credits('user', 'gc-1', null, null);

-- `at`: the balance of a moment, by effective_at.
select is(pg_temp.at('2001-01-01') -> 'balance', '0', 'before registration');
create temp table rows as select seq, effective_at, balance_after
	from florin.credit_transactions where user_id = 'gc-1';
select is(pg_temp.at(effective_at) -> 'balance', to_jsonb(balance_after),
	format('row %s is in its own moment', seq)) from rows;
select is(pg_temp.at(r.effective_at - '1 us'::interval) -> 'balance',
	coalesce((select to_jsonb(b.balance_after) from rows b
		where b.effective_at < r.effective_at order by seq desc limit 1), '0'),
	format('not in the microsecond before %s', seq)) from rows r;
select is(pg_temp.at(t.now()) -> 'balance', '0', 'now');
select is(t.field_fault(format($$select pg_temp.at(%L)$$,
	t.now() + '1 s'::interval)), '{"field": "at", "code": "range"}',
	'not in the future');
select is(array(select jsonb_object_keys(pg_temp.at(t.now())) order by 1),
	array['at', 'balance', 'user_id'], 'its members');

-- A grant that expired counts until its expiry, whenever it was settled.
select t.register('gc-2');
select t.give('gc-2', 5, expires_at => t.now() + '1 h');
create temp table moments as
	select t.now() as given, t.now() + '30 min' as before_end;
select t.sleep('10 d');
select is((body::jsonb ->> 'balance')::integer, 55,
	'an expiry settled late counts from its own time')
	from moments, florin_api.get_credits('user', 'gc-2', null, before_end);
select is(t.ledger('gc-2', 2), '[["expire", -5]]', 'and was settled now');
select t.all_well(u) from unnest(array['gc-1', 'gc-2']) u;
select finish();
