-- Levels by total recharge.  A row that somebody changed stays as it is.
insert into florin.levels (currency, level, total_recharged) values
	('CNY', 2, 10000), ('CNY', 3, 50000), ('CNY', 4, 200000),
	('CNY', 5, 1000000),
	('USD', 2, 1500), ('USD', 3, 7500), ('USD', 4, 30000),
	('USD', 5, 150000),
	('EUR', 2, 1500), ('EUR', 3, 7500), ('EUR', 4, 30000),
	('EUR', 5, 150000)
on conflict (currency, level) do nothing;
