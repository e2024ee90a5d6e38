-- A member lives three years month by month.  The tables were worked out by
-- hand, in the site's local time: they hold in each zone.
--
-- What is spent comes from the quota; 50 of the registration, 7 of a bonus
-- and 500 that were bought are there all the time and no reset touches them.
begin;
select no_plan();

create temp table life (
	anchor text,
	at timestamp,
	act text,       -- %L is the user
	ledger jsonb,   -- [[kind, amount], …] written since the last line
	quota bigint,   -- balance without the 557
	plan text,
	status text,
	reset timestamp,
	ends timestamp
);
insert into life values
-- One month lite, a second one behind it; pro for a month in between.
('first_of_month', '2027-01-31 10:00', 'add_member(%L, ''lite'')',
	'[["membership", 100]]', 100, 'lite', 'active',
	'2027-02-01', '2027-02-28 10:00'),
('first_of_month', '2027-01-31 23:59:59', null, null, 100, 'lite', 'active',
	'2027-02-01', '2027-02-28 10:00'),
('first_of_month', '2027-02-01', null, '[["expire", -100], ["reset", 100]]',
	100, 'lite', 'active', null, '2027-02-28 10:00'),
('first_of_month', '2027-02-10 12:00', 'consume(%L, 30)',
	'[["consume", -30]]', 70, 'lite', 'active', null, '2027-02-28 10:00'),
('first_of_month', '2027-02-15', 'add_member(%L, ''lite'')', null, 70,
	'lite', 'active', '2027-03-01', '2027-03-31 10:00'),
('first_of_month', '2027-02-28 10:00', null, null, 70, 'lite', 'active',
	'2027-03-01', '2027-03-31 10:00'),
('first_of_month', '2027-03-01', null, '[["expire", -70], ["reset", 100]]',
	100, 'lite', 'active', null, '2027-03-31 10:00'),
('first_of_month', '2027-03-20', 'add_member(%L, ''pro'')',
	'[["membership", 150]]', 250, 'pro', 'active',
	'2027-04-01', '2027-05-01 10:00'),
('first_of_month', '2027-04-01', null,
	'[["expire", -100], ["expire", -150], ["reset", 250]]', 250,
	'pro', 'active', '2027-05-01', '2027-05-01 10:00'),
('first_of_month', '2027-04-20', null, null, 250, 'lite', 'active',
	'2027-05-01', '2027-05-01 10:00'),
('first_of_month', '2027-05-01', null, '[["expire", -250], ["reset", 100]]',
	100, 'lite', 'active', null, '2027-05-01 10:00'),
('first_of_month', '2027-05-01 09:00', 'consume(%L, 10)',
	'[["consume", -10]]', 90, 'lite', 'active', null, '2027-05-01 10:00'),
('first_of_month', '2027-05-01 10:00', null, '[["expire", -90]]', 0,
	'lite', 'expired', null, '2027-05-01 10:00'),
-- Back for a year of premium: twelve portions, the last lives to the end.
('first_of_month', '2027-05-15', 'add_member(%L, ''premium'', ''yearly'')',
	'[["membership", 600]]', 600, 'premium', 'active',
	'2027-06-01', '2028-05-15'),
('first_of_month', '2027-06-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-07-01', '2028-05-15'),
('first_of_month', '2027-07-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-08-01', '2028-05-15'),
('first_of_month', '2027-08-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-09-01', '2028-05-15'),
('first_of_month', '2027-09-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-10-01', '2028-05-15'),
('first_of_month', '2027-10-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-11-01', '2028-05-15'),
-- November's comes late, and with December's: row by row.
('first_of_month', '2027-12-01', null,
	'[["expire", -600], ["reset", 600], ["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-01-01', '2028-05-15'),
('first_of_month', '2028-01-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-02-01', '2028-05-15'),
('first_of_month', '2028-02-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-03-01', '2028-05-15'),
('first_of_month', '2028-03-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-04-01', '2028-05-15'),
('first_of_month', '2028-04-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', null, '2028-05-15'),
('first_of_month', '2028-05-01', null, null, 600, 'premium', 'active',
	null, '2028-05-15'),
('first_of_month', '2028-05-15', null, '[["expire", -600]]', 0,
	'premium', 'expired', null, '2028-05-15'),
-- Back by the month, cancelled, and it runs out.
('first_of_month', '2028-06-30 10:00', 'add_member(%L, ''pro'')',
	'[["membership", 250]]', 250, 'pro', 'active',
	'2028-07-01', '2028-07-30 10:00'),
('first_of_month', '2028-07-01', null, '[["expire", -250], ["reset", 250]]',
	250, 'pro', 'active', null, '2028-07-30 10:00'),
('first_of_month', '2028-07-10', 'add_member(%L, ''pro'')', null, 250,
	'pro', 'active', '2028-08-01', '2028-08-30 10:00'),
('first_of_month', '2028-08-01', null, '[["expire", -250], ["reset", 250]]',
	250, 'pro', 'active', null, '2028-08-30 10:00'),
('first_of_month', '2028-08-05', 'cancel_member(%L)', null, 250,
	'pro', 'cancelling', null, '2028-08-30 10:00'),
('first_of_month', '2028-08-30 10:00', null, '[["expire", -250]]', 0,
	'pro', 'expired', null, '2028-08-30 10:00'),
-- A month of premium, then a year of it: its first portion comes at its
-- begin, whatever October has given.
('first_of_month', '2028-09-10 08:00', 'add_member(%L, ''premium'')',
	'[["membership", 600]]', 600, 'premium', 'active',
	'2028-10-01', '2028-10-10 08:00'),
('first_of_month', '2028-10-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', null, '2028-10-10 08:00'),
('first_of_month', '2028-10-05', 'add_member(%L, ''premium'', ''yearly'')',
	null, 600, 'premium', 'active', '2028-11-01', '2029-10-10 08:00'),
('first_of_month', '2028-10-10 08:00', null, '[["membership", 600]]', 1200,
	'premium', 'active', '2028-11-01', '2029-10-10 08:00'),
('first_of_month', '2028-11-01', null,
	'[["expire", -600], ["expire", -600], ["reset", 600]]', 600,
	'premium', 'active', '2028-12-01', '2029-10-10 08:00'),
('first_of_month', '2028-12-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-01-01', '2029-10-10 08:00'),
('first_of_month', '2029-01-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-02-01', '2029-10-10 08:00'),
('first_of_month', '2029-02-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-03-01', '2029-10-10 08:00'),
('first_of_month', '2029-03-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-04-01', '2029-10-10 08:00'),
('first_of_month', '2029-04-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-05-01', '2029-10-10 08:00'),
('first_of_month', '2029-05-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-06-01', '2029-10-10 08:00'),
('first_of_month', '2029-06-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-07-01', '2029-10-10 08:00'),
('first_of_month', '2029-07-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-08-01', '2029-10-10 08:00'),
('first_of_month', '2029-08-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2029-09-01', '2029-10-10 08:00'),
('first_of_month', '2029-09-01', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', null, '2029-10-10 08:00'),
('first_of_month', '2029-10-01', null, null, 600, 'premium', 'active',
	null, '2029-10-10 08:00'),
('first_of_month', '2029-10-10 08:00', null, '[["expire", -600]]', 0,
	'premium', 'expired', null, '2029-10-10 08:00'),
-- From the 31st, month by month: the 31st comes back.
('first_of_month', '2029-10-31 10:00', 'add_member(%L, ''lite'')',
	'[["membership", 100]]', 100, 'lite', 'active',
	'2029-11-01', '2029-11-30 10:00'),
('first_of_month', '2029-11-01', null, '[["expire", -100], ["reset", 100]]',
	100, 'lite', 'active', null, '2029-11-30 10:00'),
('first_of_month', '2029-11-15', 'add_member(%L, ''lite'')', null, 100,
	'lite', 'active', '2029-12-01', '2029-12-31 10:00'),
('first_of_month', '2029-12-01', null, '[["expire", -100], ["reset", 100]]',
	100, 'lite', 'active', null, '2029-12-31 10:00'),
('first_of_month', '2029-12-20', 'add_member(%L, ''lite'')', null, 100,
	'lite', 'active', '2030-01-01', '2030-01-31 10:00'),
('first_of_month', '2030-01-01', null, '[["expire", -100], ["reset", 100]]',
	100, 'lite', 'active', null, '2030-01-31 10:00'),
('first_of_month', '2030-01-31 10:00', null, '[["expire", -100]]', 0,
	'lite', 'expired', null, '2030-01-31 10:00'),

-- The same life by anniversary.
('anniversary', '2027-01-31 10:00', 'add_member(%L, ''lite'')',
	'[["membership", 100]]', 100, 'lite', 'active',
	null, '2027-02-28 10:00'),
('anniversary', '2027-02-01', null, null, 100, 'lite', 'active',
	null, '2027-02-28 10:00'),
('anniversary', '2027-02-10 12:00', 'consume(%L, 30)',
	'[["consume", -30]]', 70, 'lite', 'active', null, '2027-02-28 10:00'),
('anniversary', '2027-02-15', 'add_member(%L, ''lite'')', null, 70,
	'lite', 'active', '2027-02-28 10:00', '2027-03-31 10:00'),
('anniversary', '2027-02-28 09:59:59', null, null, 70, 'lite', 'active',
	'2027-02-28 10:00', '2027-03-31 10:00'),
('anniversary', '2027-02-28 10:00', null,
	'[["expire", -70], ["reset", 100]]', 100, 'lite', 'active',
	null, '2027-03-31 10:00'),
('anniversary', '2027-03-20', 'add_member(%L, ''pro'')',
	'[["membership", 150]]', 250, 'pro', 'active',
	'2027-03-31 10:00', '2027-05-01 10:00'),
('anniversary', '2027-03-31 10:00', null,
	'[["expire", -100], ["expire", -150], ["reset", 250]]', 250,
	'pro', 'active', '2027-04-30 10:00', '2027-05-01 10:00'),
('anniversary', '2027-04-20', null, null, 250, 'lite', 'active',
	'2027-04-30 10:00', '2027-05-01 10:00'),
('anniversary', '2027-04-30 10:00', null,
	'[["expire", -250], ["reset", 100]]', 100, 'lite', 'active',
	null, '2027-05-01 10:00'),
('anniversary', '2027-05-01 09:00', 'consume(%L, 10)',
	'[["consume", -10]]', 90, 'lite', 'active', null, '2027-05-01 10:00'),
('anniversary', '2027-05-01 10:00', null, '[["expire", -90]]', 0,
	'lite', 'expired', null, '2027-05-01 10:00'),
('anniversary', '2027-05-31', 'add_member(%L, ''premium'', ''yearly'')',
	'[["membership", 600]]', 600, 'premium', 'active',
	'2027-06-30', '2028-05-31'),
('anniversary', '2027-06-30', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-07-31', '2028-05-31'),
('anniversary', '2027-07-31', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-08-31', '2028-05-31'),
('anniversary', '2027-08-31', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-09-30', '2028-05-31'),
('anniversary', '2027-09-30', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-10-31', '2028-05-31'),
('anniversary', '2027-11-30', null,
	'[["expire", -600], ["reset", 600], ["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2027-12-31', '2028-05-31'),
('anniversary', '2027-12-31', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-01-31', '2028-05-31'),
('anniversary', '2028-01-31', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-02-29', '2028-05-31'),
('anniversary', '2028-02-29', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-03-31', '2028-05-31'),
('anniversary', '2028-03-31', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', '2028-04-30', '2028-05-31'),
('anniversary', '2028-04-30', null, '[["expire", -600], ["reset", 600]]',
	600, 'premium', 'active', null, '2028-05-31'),
('anniversary', '2028-05-31', null, '[["expire", -600]]', 0,
	'premium', 'expired', null, '2028-05-31'),
('anniversary', '2028-06-30 10:00', 'add_member(%L, ''pro'')',
	'[["membership", 250]]', 250, 'pro', 'active',
	null, '2028-07-30 10:00'),
('anniversary', '2028-07-10', 'add_member(%L, ''pro'')', null, 250,
	'pro', 'active', '2028-07-30 10:00', '2028-08-30 10:00'),
('anniversary', '2028-07-30 10:00', null,
	'[["expire", -250], ["reset", 250]]', 250, 'pro', 'active',
	null, '2028-08-30 10:00'),
('anniversary', '2028-08-05', 'cancel_member(%L)', null, 250,
	'pro', 'cancelling', null, '2028-08-30 10:00'),
('anniversary', '2028-08-30 10:00', null, '[["expire", -250]]', 0,
	'pro', 'expired', null, '2028-08-30 10:00'),
-- A year behind a month: its first portion is the reset of that moment.
('anniversary', '2028-09-10 08:00', 'add_member(%L, ''premium'')',
	'[["membership", 600]]', 600, 'premium', 'active',
	null, '2028-10-10 08:00'),
('anniversary', '2028-10-05', 'add_member(%L, ''premium'', ''yearly'')',
	null, 600, 'premium', 'active', '2028-10-10 08:00', '2029-10-10 08:00'),
('anniversary', '2028-10-10 08:00', null,
	'[["expire", -600], ["reset", 600]]', 600,
	'premium', 'active', '2028-11-10 08:00', '2029-10-10 08:00'),
('anniversary', '2028-11-10 08:00', null,
	'[["expire", -600], ["reset", 600]]', 600,
	'premium', 'active', '2028-12-10 08:00', '2029-10-10 08:00'),
-- Lite is lower: it comes behind the year.
('anniversary', '2028-11-20', 'add_member(%L, ''lite'')', null, 600,
	'premium', 'active', '2028-12-10 08:00', '2029-11-10 08:00'),
-- Nobody looks until the last portion is there: nine months at once.
('anniversary', '2029-09-15', null, '[["expire", -600], ["reset", 600],
	["expire", -600], ["reset", 600], ["expire", -600], ["reset", 600],
	["expire", -600], ["reset", 600], ["expire", -600], ["reset", 600],
	["expire", -600], ["reset", 600], ["expire", -600], ["reset", 600],
	["expire", -600], ["reset", 600], ["expire", -600], ["reset", 600],
	["expire", -600], ["reset", 600]]', 600,
	'premium', 'active', null, '2029-11-10 08:00'),
('anniversary', '2029-10-10 08:00', null,
	'[["expire", -600], ["membership", 100]]', 100, 'lite', 'active',
	null, '2029-11-10 08:00'),
('anniversary', '2029-11-10 08:00', null, '[["expire", -100]]', 0,
	'lite', 'expired', null, '2029-11-10 08:00'),
('anniversary', '2029-12-31 10:00', 'add_member(%L, ''lite'')',
	'[["membership", 100]]', 100, 'lite', 'active',
	null, '2030-01-31 10:00'),
('anniversary', '2030-01-10', 'add_member(%L, ''lite'')', null, 100,
	'lite', 'active', '2030-01-31 10:00', '2030-02-28 10:00'),
('anniversary', '2030-01-31 10:00', null,
	'[["expire", -100], ["reset", 100]]', 100, 'lite', 'active',
	null, '2030-02-28 10:00');

-- What the calendar says about the next 12 months after each act.
create temp table year (anchor text, at timestamp, calendar text);
insert into year values
('first_of_month', '2027-01-31 10:00',
		'02-01 00:00 reset 100, 02-28 10:00 period_ends'),
('first_of_month', '2027-02-10 12:00',
		'02-28 10:00 period_ends'),
('first_of_month', '2027-02-15',
		'02-28 10:00 period_ends, 02-28 10:00 period_begins 0, '
		'03-01 00:00 reset 100, 03-31 10:00 period_ends'),
('first_of_month', '2027-03-20',
		'04-01 00:00 reset 250, 04-20 00:00 period_ends, '
		'04-20 00:00 period_begins 0, 05-01 00:00 reset 100, '
		'05-01 10:00 period_ends'),
('first_of_month', '2027-05-01 09:00',
		'05-01 10:00 period_ends'),
('first_of_month', '2027-05-15',
		'06-01 00:00 portion 600, 07-01 00:00 portion 600, '
		'08-01 00:00 portion 600, 09-01 00:00 portion 600, '
		'10-01 00:00 portion 600, 11-01 00:00 portion 600, '
		'12-01 00:00 portion 600, 01-01 00:00 portion 600, '
		'02-01 00:00 portion 600, 03-01 00:00 portion 600, '
		'04-01 00:00 portion 600'),
('first_of_month', '2028-06-30 10:00',
		'07-01 00:00 reset 250, 07-30 10:00 period_ends'),
('first_of_month', '2028-07-10',
		'07-30 10:00 period_ends, 07-30 10:00 period_begins 0, '
		'08-01 00:00 reset 250, 08-30 10:00 period_ends'),
('first_of_month', '2028-08-05',
		'08-30 10:00 period_ends'),
('first_of_month', '2028-09-10 08:00',
		'10-01 00:00 reset 600, 10-10 08:00 period_ends'),
('first_of_month', '2028-10-05',
		'10-10 08:00 period_ends, 10-10 08:00 period_begins 600, '
		'11-01 00:00 portion 600, 12-01 00:00 portion 600, '
		'01-01 00:00 portion 600, 02-01 00:00 portion 600, '
		'03-01 00:00 portion 600, 04-01 00:00 portion 600, '
		'05-01 00:00 portion 600, 06-01 00:00 portion 600, '
		'07-01 00:00 portion 600, 08-01 00:00 portion 600, '
		'09-01 00:00 portion 600'),
('first_of_month', '2029-10-31 10:00',
		'11-01 00:00 reset 100, 11-30 10:00 period_ends'),
('first_of_month', '2029-11-15',
		'11-30 10:00 period_ends, 11-30 10:00 period_begins 0, '
		'12-01 00:00 reset 100, 12-31 10:00 period_ends'),
('first_of_month', '2029-12-20',
		'12-31 10:00 period_ends, 12-31 10:00 period_begins 0, '
		'01-01 00:00 reset 100, 01-31 10:00 period_ends'),
('anniversary', '2027-01-31 10:00',
		'02-28 10:00 period_ends'),
('anniversary', '2027-02-10 12:00',
		'02-28 10:00 period_ends'),
('anniversary', '2027-02-15',
		'02-28 10:00 period_ends, 02-28 10:00 period_begins 0, '
		'02-28 10:00 reset 100, 03-31 10:00 period_ends'),
('anniversary', '2027-03-20',
		'03-31 10:00 reset 250, 04-20 00:00 period_ends, '
		'04-20 00:00 period_begins 0, 04-30 10:00 reset 100, '
		'05-01 10:00 period_ends'),
('anniversary', '2027-05-01 09:00',
		'05-01 10:00 period_ends'),
('anniversary', '2027-05-31',
		'06-30 00:00 portion 600, 07-31 00:00 portion 600, '
		'08-31 00:00 portion 600, 09-30 00:00 portion 600, '
		'10-31 00:00 portion 600, 11-30 00:00 portion 600, '
		'12-31 00:00 portion 600, 01-31 00:00 portion 600, '
		'02-29 00:00 portion 600, 03-31 00:00 portion 600, '
		'04-30 00:00 portion 600'),
('anniversary', '2028-06-30 10:00',
		'07-30 10:00 period_ends'),
('anniversary', '2028-07-10',
		'07-30 10:00 period_ends, 07-30 10:00 period_begins 0, '
		'07-30 10:00 reset 250, 08-30 10:00 period_ends'),
('anniversary', '2028-08-05',
		'08-30 10:00 period_ends'),
('anniversary', '2028-09-10 08:00',
		'10-10 08:00 period_ends'),
('anniversary', '2028-10-05',
		'10-10 08:00 period_ends, 10-10 08:00 period_begins 0, '
		'10-10 08:00 portion 600, 11-10 08:00 portion 600, '
		'12-10 08:00 portion 600, 01-10 08:00 portion 600, '
		'02-10 08:00 portion 600, 03-10 08:00 portion 600, '
		'04-10 08:00 portion 600, 05-10 08:00 portion 600, '
		'06-10 08:00 portion 600, 07-10 08:00 portion 600, '
		'08-10 08:00 portion 600, 09-10 08:00 portion 600'),
('anniversary', '2028-11-20',
		'12-10 08:00 portion 600, 01-10 08:00 portion 600, '
		'02-10 08:00 portion 600, 03-10 08:00 portion 600, '
		'04-10 08:00 portion 600, 05-10 08:00 portion 600, '
		'06-10 08:00 portion 600, 07-10 08:00 portion 600, '
		'08-10 08:00 portion 600, 09-10 08:00 portion 600, '
		'10-10 08:00 period_ends, 10-10 08:00 period_begins 100, '
		'11-10 08:00 period_ends'),
('anniversary', '2029-12-31 10:00',
		'01-31 10:00 period_ends'),
('anniversary', '2030-01-10',
		'01-31 10:00 period_ends, 01-31 10:00 period_begins 0, '
		'01-31 10:00 reset 100, 02-28 10:00 period_ends');

-- Quota that lives neither to the next reset nor to the membership's end: a
-- last portion, to its period's.
create temp table last_portion (anchor text, at timestamp, ends timestamp);
insert into last_portion values
	('anniversary', '2029-09-15', '2029-10-10 08:00');

create function pg_temp.calendar(uid text, zone text) returns text
language sql as $$
	select string_agg(concat_ws(' ', to_char((e ->> 'at')::timestamptz
			at time zone zone, 'MM-DD HH24:MI'), e ->> 'what',
			e ->> 'credits'), ', ' order by place)
	from florin_api.get_calendar('user', uid) a,
		jsonb_array_elements(a.body::jsonb -> 'data')
		with ordinality as x (e, place)
$$;

create function pg_temp.moment(membership jsonb, name text, zone text)
returns timestamp language sql as $$
	select (membership ->> name)::timestamptz at time zone zone
$$;

create function pg_temp.live(uid text, of_anchor text, zone text)
returns setof text language plpgsql as $$
declare
	step life;
	seen bigint;
	m jsonb;
	here text;
begin
	perform t.set_setting('timezone', to_jsonb(zone)),
		t.set_setting('reset_anchor', to_jsonb(of_anchor)),
		t.stop('2027-01-31 09:00', zone), t.register(uid),
		t.give(uid, 7), t.buy(uid, 500);
	seen := t.version(uid);
	for step in select * from life where anchor = of_anchor order by at loop
		here := format('%s, %s, %s %s', zone, of_anchor, step.at, step.act);
		perform t.stop(step.at, zone);
		execute 'select ' || coalesce('t.' || format(step.act, uid),
			format('t.membership(%L)', uid));
		m := t.membership(uid);
		return next is(t.ledger(uid, seen), step.ledger, here || ': ledger');
		return next is((m ->> 'balance')::bigint, step.quota + 557,
			here || ': balance');
		return next is(t.open_grants(uid) - 'membership',
			'{"registration": 50, "bonus": 7, "purchase": 500}',
			here || ': other grants');
		return next is(coalesce((t.open_grants(uid)
			->> 'membership')::bigint, 0), step.quota, here || ': quota');
		return next is(row (m ->> 'plan', m ->> 'status',
			pg_temp.moment(m, 'next_reset_at', zone),
			pg_temp.moment(m, 'expires_at', zone)),
			row (step.plan, step.status, step.reset, step.ends),
			here || ': membership');
		return next is_empty(format('select id, expires_at
			from florin.grants where user_id = %L and live
			and source = ''membership'' and expires_at at time zone %L <> %L',
			uid, zone, coalesce((select l.ends from last_portion l
				where l.anchor = of_anchor and l.at = step.at),
				step.reset, step.ends)), here || ': the quota''s end');
		if step.act is not null then
			return next is(pg_temp.calendar(uid, zone), (
				select calendar from year y
				where y.anchor = of_anchor and y.at = step.at),
				here || ': calendar');
		end if;
		return next t.all_well(uid);
		seen := t.version(uid);
	end loop;
end
$$;
select pg_temp.live('y3-' || anchor || zone, anchor, zone)
	from unnest(array['first_of_month', 'anniversary']) anchor,
	unnest(array['UTC', 'Asia/Shanghai', 'America/New_York']) zone;
select finish();
rollback;
