-- Prices of a plan as an admin gives them: an array of {period, amount,
-- currency}, each period and currency once.
create or replace function florin.check_plan_prices(prices jsonb)
returns void
language plpgsql
as $$
begin
	if exists (
			select from jsonb_array_elements(prices) p
			where jsonb_typeof(p) <> 'object'
				or case when jsonb_typeof(p) = 'object' then
					p - array['period', 'amount', 'currency'] <> '{}'
					or coalesce(p ->> 'period' not in ('monthly', 'yearly'),
						true)
					or coalesce(p ->> 'currency' !~ '^[A-Z]{3}$', true)
					or coalesce(jsonb_typeof(p -> 'amount') <> 'number', true)
					or (p ->> 'amount') !~ '^[1-9][0-9]{0,15}$'
					or (p ->> 'amount')::numeric > 9007199254740991 end)
		or (select count(*) > count(distinct (p ->> 'period', p ->> 'currency'))
			from jsonb_array_elements(prices) p) then
		perform florin.refuse_field('prices', 'format', 'each must be'
			' {period: monthly|yearly, amount, currency}, each once');
	end if;
end
$$;

-- Replace the prices of a plan (null: leave them).
create or replace procedure florin.set_plan_prices(
	of_plan text, prices jsonb)
language plpgsql
as $$
begin
	if prices is null then
		return;
	end if;
	delete from florin.plan_prices q where q.plan = of_plan;
	insert into florin.plan_prices (plan, period, currency, amount)
		select of_plan, p.period, p.currency, p.amount
		from jsonb_to_recordset(prices)
			as p (period text, currency text, amount bigint);
end
$$;

-- No other plan has the rank.
create or replace function florin.check_rank(of_plan text, new_rank bigint)
returns void
language plpgsql
as $$
begin
	lock table florin.plans in share row exclusive mode;
	if exists (select from florin.plans p
			where p.rank = new_rank and p.plan <> of_plan) then
		perform florin.refuse_field('rank', 'range', 'another plan has it');
	end if;
end
$$;
