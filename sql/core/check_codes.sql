-- What a user's codes gave stands in the ledger, once, and nothing else does.
create or replace function florin.check_codes(uid text)
returns table (invariant text, detail text)
language sql stable
as $$
	select 'code', format('code %s: %s credits, the ledger says %s',
		coalesce(r.code_id, t.reference_id), r.credits, t.amount)
	from (
		select * from florin.code_redemptions c
		where c.user_id = uid and c.credits is not null
	) r
	full join (
		select * from florin.credit_transactions l
		where l.user_id = uid and l.kind = 'code'
	) t on t.seq = r.transaction_id
	where r.credits is distinct from t.amount
		or t.reference_type is distinct from 'code'
		or t.reference_id is distinct from r.code_id
	union all
	select 'code', format('code %s: no period %s', r.code_id, r.period_id)
	from florin.code_redemptions r
	where r.user_id = uid and r.period_id is not null and not exists (
		select from florin.membership_periods p
		where p.user_id = uid and p.id = r.period_id)
$$;
