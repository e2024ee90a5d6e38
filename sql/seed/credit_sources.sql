-- Where credits come from.  Priorities are burn order: what expires goes
-- first.  A row that somebody changed stays as it is.
insert into florin.credit_sources
	(source, priority, category, merge, grantable)
values
	('membership', 10, 'membership', false, false),
	('registration', 20, 'promotional', true, false),
	('checkin', 20, 'promotional', true, false),
	('bonus', 20, 'promotional', false, true),
	('first_recharge_bonus', 20, 'promotional', false, false),
	('code', 20, 'promotional', false, false),
	('compensation', 20, 'promotional', true, true),
	('referral', 20, 'promotional', false, true),
	('refund', 20, 'promotional', false, false),
	('import', 20, 'promotional', false, false),
	('adjust', 20, 'promotional', true, false),
	('purchase', 30, 'paid', false, false)
on conflict (source) do nothing;
