-- florin.erase_user: nothing stays that can name a person; the ledger verifies.
-- Each column that can hold a text is listed here as erased or kept: one that
-- is not listed fails, so that whoever adds it decides.
begin;
select no_plan();
create temp table fates (place text, erased text[], kept text[]);
insert into fates values
	('users', '{email,display_name}', '{user_id}'),
	('wallets', '{}', '{user_id,head_hash,total_recharged}'),
	('stats', '{}', '{user_id}'),
	('grants', '{}', '{user_id,source,category,order_id}'),
	('credit_transactions', '{reason}', '{user_id,kind,draws,reason_hash,
		reference_type,reference_id,actor,prev_hash,hash}'),
	('idempotency_keys', '{body}', '{user_id,caller,key,request_hash}'),
	('admin_operation_logs', '{before,after,reason,ip,user_agent}',
		'{user_id,id,operator,operation,outcome}'),
	('holds', '{reason}', '{user_id,id,status,created_by}'),
	('daily_checkins', '{}', '{user_id}'),
	('user_sessions', '{client,metadata}', '{user_id,id}'),
	('session_records', '{client,metadata}', '{user_id,id,end_reason}'),
	('user_action_records', '{target,metadata}', '{user_id,id,action_type}'),
	('tasks', '{input,result,error}', '{user_id,id,kind,feature,status,
		created_by,worker,claim_token}'),
	('feature_answers', '{content_type,body}', '{user_id,task_id}'),
	('payment_orders', '{}', '{user_id,id,status,package_id,plan,period,
		currency,terms,provider,created_by,provider_reference}'),
	('payment_refunds', '{reason}', '{user_id,order_id,reference,kind,actor}'),
	('first_recharges', '{}', '{user_id,order_id}'),
	('order_directory', '{}', '{owner,order_id}'),
	('payment_references', '{}',
		'{owner,reference,provider,order_id,currency}'),
	('payment_notices', '{raw,facts}',
		'{owner,event_id,provider,event_type,reference,outcome}'),
	('alerts', '{detail}',
		'{user_id,id,category,detector,subject,severity,status}'),
	('memberships', '{}', '{user_id,status,anchor,zone}'),
	('membership_periods', '{}', '{user_id,id,state,plan,period,bought_by}'),
	('yearly_member_credits', '{}', '{user_id,period_id}'),
	('codes', '{}', '{redeemed_by,code_hash,id,plan,period,created_by}'),
	('code_redemptions', '{}', '{user_id,code_id,plan,period,period_id}'),
	('import_rows', '{email,display_name}',
		'{user_id,currency,plan,period}');

-- Tables that say nothing of a user.
create temp table others as select unnest(array['action_types',
	'credit_packages', 'credit_sources', 'erased_emails', 'features',
	'installation', 'job_progress', 'levels', 'migrations', 'plan_prices',
	'plans', 'settings', 'task_prices', 'test_clock']) as place;
create temp table texts as
	select c.relname::text as place, a.attname::text as name,
		format_type(a.atttypid, null) as type
	from pg_class c join pg_attribute a on a.attrelid = c.oid
	join pg_type y on y.oid = a.atttypid
	where c.relnamespace = 'florin'::regnamespace and c.relkind in ('r', 'p')
		and a.attnum > 0 and not a.attisdropped
		and (y.typlen = -1 and y.typname <> 'numeric' or y.typtype = 'c');
select set_eq('select place, name from texts where place not in
	(select place from others)', 'select place, unnest(erased || kept)
	from fates', 'each column that can hold a text is listed');

-- A user with a life, in which every text that goes says SECRET.
select florin_api.register_user('service:be', uid, 'k', 'x', null, null,
	uid || '@SECRET.example', 'Mr SECRET')
	from unnest(array['er-1', 'er-2']) uid;
create function pg_temp.live(uid text) returns void language plpgsql as $$
begin
	perform florin_api.consume_credits('user', uid, null, null, null, null, 5,
		'SECRET reason', 'chat', '7');
	perform t.hold(uid, 3), t.task(uid, 4, 'er'), t.adjust(uid, 30);
	perform t.start_session(uid), t.end_session(uid), t.start_session(uid);
	perform florin_api.record_action('user', uid, null, null, null, null,
		'view', 'a page', '{}');
	insert into florin.feature_answers values (uid, t.task_id(uid), 200,
		'text/plain', 'x', t.now());
	perform t.notice('stripe', uid || ' 1', t.paid(t.order(uid, 'er'),
		'pi_' || uid, 1000));
	perform t.refund_order(uid, t.paid_order_of(uid), 100);
	perform t.notice('stripe', uid || ' 2', t.paid(t.order(uid, 'er'),
		'pi_2_' || uid, 999));
	insert into florin.import_rows (user_id, balance) values (uid, 0);
end
$$;
select t.package('er', 100, 1000);
select pg_temp.live('er-1'), pg_temp.live('er-2');
-- Every column that goes but the ledger's, which only its writer writes.
create function pg_temp.mark(uid text, place text, name text, type text)
returns bigint language plpgsql as $$
declare
	marked bigint;
begin
	execute format('update florin.%I set %I = %s where %I = $1', place, name,
		case type when 'jsonb' then format('coalesce(%I, ''{}'')'
				' || ''{"a": ["SECRET"]}''', name)
			when 'bytea' then '''SECRET''::bytea'
			else '''SECRET x@'' || gen_random_uuid()' end,
		case place when 'payment_notices' then 'owner' else 'user_id' end)
		using uid;
	get diagnostics marked = row_count;
	return marked;
end
$$;
select cmp_ok(pg_temp.mark(uid, place, name, type), '>', 0::bigint,
	uid || ' has ' || place || '.' || name)
	from fates join texts using (place), unnest(array['er-1', 'er-2']) uid
	where name = any (erased) and place <> 'credit_transactions'
		and (place, name) <> ('users', 'email');

-- Events of its payments that told us nothing to do, and somebody else's.
insert into florin.payment_notices (event_id, provider, event_type, raw, facts,
		outcome, received_at)
	select format('ev %s', n), 'stripe', 'x', convert_to(words, 'UTF8'),
		'{"what": "none"}', 'ignored', t.now()
	from (values (1, 'by ER-1@secret.EXAMPLE of pi_9'), (2, 'of pi_2_er-1'),
		(3, 'er-2@SECRET.example'), (4, 'nobody')) e (n, words);
create function pg_temp.traces() returns setof text language plpgsql as $$
declare
	place text;
begin
	for place in select x.place from t.tables() x loop
		return query execute format('select %L || '' '' || r::text from %s r
			where r::text ~* ''SECRET|534543524554''', place, place);
	end loop;
end
$$;
create temp table before as select
	(select jsonb_agg(hash order by seq) from florin.credit_transactions
		where user_id = 'er-1') as chain,
	(select count(*) from pg_temp.traces() x where x ~ 'er-2') as others;
select t.whole($$select florin.erase_user('er-1', 'admin:x', 'x', false)$$,
	'er-1', 15, 'erase_user');
select florin.erase_user('er-1', 'admin:florinctl', 'florinctl', false);
select is_empty($$select * from pg_temp.traces() x where x ~ 'er-1'$$,
	'nothing is left');
select is((select count(*) from pg_temp.traces() x where x ~ 'er-2'),
	others, 'another user keeps all') from before;
select is(array_agg(event_id order by event_id) filter (where raw is null),
	'{ev 1,ev 2}', 'also events that named it went')
	from florin.payment_notices where event_id ~ '^ev';
select is(jsonb_agg(hash order by seq), chain, 'the ledger stays')
	from florin.credit_transactions, before where user_id = 'er-1'
	group by chain;
select t.all_well(u) from unnest(array['er-1', 'er-2']) u;
select is(operation, 'erase_user', 'who did it is noted')
	from florin.admin_operation_logs where user_id = 'er-1'
	order by id desc limit 1;

-- It goes on: the user is there, and what was begun comes to its end.
select florin.erase_user('er-1', 'admin:florinctl', 'florinctl', false);
select is(t.consume('er-1', 1) #>> '{transaction,amount}', '-1',
	'its credits are there');
select is(t.notice('stripe', 'er-1 1', '{}'), 'ignored',
	'a notice that was done does nothing again');
select is(t.notice('stripe', 'er-1 3', t.money_back('refunded', 'pi_er-1',
	'ch_er-1', 500, true)), 'applied', 'its payment can be refunded');
select is(t.claim('er') #>> '{user_id}', 'er-1', 'its task can be claimed');
select is(t.end_session('er-1', t.session_of('er-1'))
	#> '{session_record,client}' <> 'null', true, 'its session ends');
select t.all_well('er-1');

-- The e-mail gives no second bonus, however it is written.
create function pg_temp.sign_up(uid text, email text) returns jsonb
language sql as $$
	select jsonb_build_array(status, body::jsonb #> '{wallet,balance}',
		body::jsonb -> 'transaction' <> 'null')
	from florin_api.register_user('user', uid, null, null, null, null, email,
		null)
$$;
select is(pg_temp.sign_up('er-3', 'er-1@secret.example'), '[201, 0, false]',
	'the address of an erased user gives no bonus');
select is(pg_temp.sign_up('er-4', ' ER-1@SECRET.Example '), '[201, 0, false]',
	'nor in capitals');
select is(pg_temp.sign_up('er-5', 'ｅr-1@secret.example'), '[201, 0, false]',
	'nor in wide letters');
select is(pg_temp.sign_up('er-6', 'er-2@SECRET.example'), '[201, 50, true]',
	'one that was not erased does');
select is(pg_temp.sign_up('er-7', null), '[201, 50, true]', 'and none');
select florin.erase_user('er-2', 'admin:florinctl', 'florinctl', true);
select is(pg_temp.sign_up('er-8', 'er-2@SECRET.example'), '[201, 50, true]',
	'nor where its hash shall not stay');
select is(count(*), 1::bigint, 'one hash is kept') from florin.erased_emails;
select t.all_well(u) from unnest(array['er-3', 'er-6']) u;

-- RFC 4231, test cases 1 and 2; a key of each installation.
select is(encode(florin.hmac_sha256(decode(repeat('0b', 20), 'hex'),
	'Hi There'), 'hex'),
	'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
	'HMAC-SHA256');
select is(encode(florin.hmac_sha256('Jefe', 'what do ya want for nothing?'),
	'hex'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
	'of a short key');
select is(length(email_key), 32, 'the key') from florin.installation;
select finish();
rollback;
