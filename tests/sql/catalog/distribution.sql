-- Ready for a distributed engine: a user's tables can be spread by user_id.
begin;
select no_plan();
create temp table tables as
	select c.oid, c.oid::regclass::text as name, exists (
		select from pg_attribute a where a.attrelid = c.oid
			and a.attname = 'user_id') as of_users
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname ~ '^florin' and c.relkind in ('r', 'p');
select set_eq('select name from tables where not of_users',
	array['florin.action_types', 'florin.codes', 'florin.credit_packages',
	'florin.credit_sources', 'florin.features', 'florin.installation',
	'florin.job_progress', 'florin.levels', 'florin.migrations',
	'florin.plan_prices', 'florin.plans', 'florin.settings',
	'florin.task_prices', 'florin.test_clock',
	-- Spread by the hash of what nobody owns any more.
	'florin.erased_emails',
	-- Spread by what a provider names.
	'florin.order_directory', 'florin.payment_notices',
	'florin.payment_references'],
	'small tables that every node has: another one is a decision');

create temp table indexes as
	select t.name as table_name, i.indexrelid::regclass::text as name,
		i.indisunique, i.indisprimary, a.attname as first_column
	from tables t join pg_index i on i.indrelid = t.oid
	left join pg_attribute a
		on a.attrelid = t.oid and a.attnum = i.indkey[0]
	where t.of_users;
select is_empty('select name from tables where of_users and name not in
	(select table_name from indexes where indisprimary)',
	'each has a primary key');
select is_empty('select name from indexes where indisunique
	and first_column is distinct from ''user_id''',
	'user_id is first in each unique index');
select set_eq('select name from indexes where first_column
	is distinct from ''user_id''', array['florin.admin_operation_logs_age',
	'florin.admin_operation_logs_newest', 'florin.users_age',
	'florin.credit_transactions_age', 'florin.feature_answers_age',
	'florin.idempotency_keys_age',
	'florin.alerts_newest', 'florin.payment_orders_newest',
	'florin.payment_orders_open', 'florin.tasks_leased',
	'florin.tasks_newest', 'florin.tasks_queued', 'florin.wallets_due'],
	'and in each other but those for work over all users');
select is_empty($$select t.name from tables t join pg_attribute a
	on a.attrelid = t.oid and a.attname = 'user_id'
	where not a.attnotnull or a.atttypid <> 'text'::regtype$$,
	'user_id is text and never null');

select is_empty($$select conrelid::regclass, conname from pg_constraint c
	join tables a on a.oid = c.conrelid join tables b on b.oid = c.confrelid
	where c.contype = 'f' and b.of_users and (not a.of_users
		or (select attname from pg_attribute where attrelid = c.conrelid
			and attnum = c.conkey[1]) <> 'user_id'
		or (select attname from pg_attribute where attrelid = c.confrelid
			and attnum = c.confkey[1]) <> 'user_id')$$,
	'and in each foreign key between users'' tables');

select is_empty($$select c.oid::regclass from pg_class c
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname ~ '^florin' and c.relkind in ('S', 'm', 'f')$$,
	'no sequence, materialized view or foreign table');
select is_empty($$select t.name, a.attname from tables t
	join pg_attribute a on a.attrelid = t.oid
	left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
	where a.attnum > 0 and (a.attidentity <> '' or a.attgenerated <> ''
		or pg_get_expr(d.adbin, d.adrelid) ~* 'nextval')$$,
	'no serial or identity column');
select results_eq($$select t.name, g.tgname, g.tgfoid::regprocedure::text
	from pg_trigger g join tables t on t.oid = g.tgrelid
	where not g.tgisinternal order by 2$$,
	$$values ('florin.credit_transactions', 'append_only'::name,
	'florin.refuse_change()'), ('florin.credit_transactions',
	'append_only_rows', 'florin.refuse_change()')$$,
	'no trigger but the append-only guard');
select is_empty($$select r.ev_class::regclass from pg_rewrite r
	join tables t on t.oid = r.ev_class$$, 'no rule');
select is_empty($$select t.name, a.attname from tables t
	join pg_attribute a on a.attrelid = t.oid
	where a.attnum > 0 and a.atttypid in ('timestamp'::regtype,
		'date'::regtype, 'time'::regtype, 'real'::regtype,
		'double precision'::regtype, 'money'::regtype, 'json'::regtype)
		and (t.name, a.attname) not in (('florin.daily_checkins', 'date'),
			('florin.import_rows', 'last_checkin'))$$,
	'no time without zone (but the site''s days), no float');
select finish();
rollback;
