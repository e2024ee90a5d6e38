-- What an order of a plan costs: amount and currency (null: the first that it
-- is sold in), and the terms to copy into the order.
create or replace function florin.quote_plan(
	plan text, period text,
	inout currency text, out amount bigint, out terms jsonb)
language plpgsql
as $$
declare
	chosen florin.plan_prices;
begin
	select jsonb_build_object('monthly_credits', p.monthly_credits)
		into terms
		from florin.plans p where p.plan = quote_plan.plan and p.available;
	if not found then
		perform florin.refuse('unknown_plan');
	end if;
	select * into chosen from florin.plan_prices q
		where q.plan = quote_plan.plan and q.period = quote_plan.period
			and q.currency = coalesce(quote_plan.currency, q.currency)
		order by q.currency limit 1;
	if not found then
		perform florin.refuse_field(
			case when currency is null then 'period' else 'currency' end,
			'choice', 'this plan is not sold so');
	end if;
	amount := chosen.amount;
	currency := chosen.currency;
end
$$;
