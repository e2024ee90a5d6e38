-- Packages to try things with.  A real shop begins empty.
insert into florin.credit_packages
	(package_id, title, credits, bonus_credits, member_bonus_credits, amount,
	currency, expires_after_days)
values
	('starter', '100 credits', 100, 0, 0, 990, 'CNY', null),
	('standard', '500 credits', 500, 50, 25, 4500, 'CNY', null),
	('large', '1,200 credits', 1200, 200, 100, 9900, 'CNY', 365),
	('starter-usd', '100 credits', 100, 0, 0, 149, 'USD', null)
on conflict (package_id) do nothing;
