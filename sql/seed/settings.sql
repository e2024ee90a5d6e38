-- Settings of the business; limits of an interval are seconds.  A value that
-- somebody set stays; type, default, limits and text follow this file.
insert into florin.settings
	(name, type, value, "default", minimum, maximum, choices, offline, doc)
select
	name, type, value::jsonb, value::jsonb, minimum, maximum, choices, offline,
	doc
from (values
	('timezone', 'text', '"UTC"', null::bigint, null::bigint, null::text[],
		true, 'IANA zone of the site: its days and months'),
	('registration_credits', 'integer', '50', 0, 9007199254740991, null, false,
		'credits for a new user'),
	('checkin_credits', 'integer', '5', 0, 9007199254740991, null, false,
		'credits for a check-in'),
	('streak_days', 'integer', '7', 1, 366, null, false,
		'a bonus for each so many days of check-ins in a row'),
	('streak_bonus', 'integer', '20', 0, 9007199254740991, null, false,
		'that bonus'),
	('session_idle', 'interval', '"30 min"', 60, 2592000, null, false,
		'a session without a message for so long is over'),
	('task_lease', 'interval', '"10 min"', 1, 86400, null, false,
		'how long a claimed task is a worker''s, if it does not say'),
	('max_attempts', 'integer', '3', 1, 1000, null, false,
		'how many leases of a task may be lost'),
	('auto_register', 'boolean', 'false', null, null, null, false,
		'a token of a user not yet known registers it'),
	('burn_order', 'choice', '"expiring_first"', null, null,
		array['expiring_first', 'balance_first'], false,
		'which grants are spent first'),
	('reset_anchor', 'choice', '"first_of_month"', null, null,
		array['first_of_month', 'anniversary'], false,
		'where the months of memberships that start from now on begin'),
	('refund_grace', 'interval', '"7 d"', 0, null, null, false,
		'life of credits that come back after their grant expired'),
	('hold_ttl', 'interval', '"15 min"', 1, 86400, null, false,
		'life of a hold for which no other was asked, up to 24 h'),
	('order_ttl', 'interval', '"30 min"', 60, null, null, false,
		'how long an order waits for its payment'),
	('first_recharge_bonus', 'integer', '0', 0, 9007199254740991, null, false,
		'credits for a user''s first recharge, beside the package''s bonus'),
	('answer_retention', 'interval', '"90 d"', 86400, null, null, false,
		'how long the first answer to an idempotency key is kept'),
	('log_retention', 'interval', '"180 d"', 86400, null, null, false,
		'how long the operation log is kept')
) as s (name, type, value, minimum, maximum, choices, offline, doc)
on conflict (name) do update set
	type = excluded.type,
	minimum = excluded.minimum,
	maximum = excluded.maximum,
	choices = excluded.choices,
	offline = excluded.offline,
	doc = excluded.doc,
	"default" = excluded."default";
