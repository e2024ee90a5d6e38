-- The plans of the origin.  A row that somebody changed stays as it is.
insert into florin.plans (plan, rank, monthly_credits) values
	('lite', 1, 100),
	('pro', 2, 250),
	('premium', 3, 600)
on conflict (plan) do nothing;

insert into florin.plan_prices (plan, period, currency, amount)
select p.plan, p.period, p.currency, p.amount
from (values
	('lite', 'monthly', 'CNY', 1900), ('lite', 'yearly', 'CNY', 19900),
	('pro', 'monthly', 'CNY', 3900), ('pro', 'yearly', 'CNY', 39900),
	('premium', 'monthly', 'CNY', 7900), ('premium', 'yearly', 'CNY', 79900)
) as p (plan, period, currency, amount)
where not exists (select from florin.plan_prices q where q.plan = p.plan);
