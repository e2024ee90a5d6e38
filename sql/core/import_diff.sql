-- What an import would do: a row for each line that cannot be imported
-- (problem), or that names a user who is there and differs (differs); the
-- rest is new or same.
create or replace function florin.import_diff()
returns table (user_id text, what text, detail text)
language sql stable
as $$
	select i.user_id, case
			when i.plan is not null and p.plan is null then 'problem'
			when u.user_id is null then 'new'
			when d.detail is null then 'same'
			else 'differs' end,
		case when i.plan is not null and p.plan is null
			then 'no such plan: ' || i.plan else d.detail end
	from florin.import_rows i
	left join florin.users u using (user_id)
	left join florin.plans p using (plan)
	left join florin.credit_transactions t
		on t.user_id = i.user_id and t.seq = 1 and t.kind = 'import'
	cross join lateral (
		select string_agg(format('%s: %s here, %s in the file', c.name,
			coalesce(c.here, '-'), coalesce(c.file, '-')), '; ') as detail
		from (values
			('email', u.email, i.email),
			('display_name', u.display_name, i.display_name),
			('balance', coalesce(t.amount, 0)::text, i.balance::text)
		) as c (name, here, file)
		where u.user_id is not null and c.here is distinct from c.file
	) d
$$;
