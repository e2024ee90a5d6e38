-- POST /api/admin/codes: codes for credits or for a plan.  The answer is the
-- only place where they ever stand.
create or replace function florin_admin.create_codes(
	caller text, ip text, user_agent text,
	count bigint, credits bigint, plan text, period text,
	expires_at timestamptz, reason text)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
declare
	moment constant timestamptz := clock();
	made text[];
begin
	if (credits is null) = (plan is null) then
		perform refuse_field('credits', 'required',
			'name credits, or plan and period');
	elsif (plan is null) <> (period is null) then
		perform refuse_field(case when plan is null then 'plan'
			else 'period' end, 'required', 'plan and period go together');
	elsif expires_at <= moment then
		perform refuse_field('expires_at', 'range', 'must be in the future');
	elsif plan is not null and not exists (select from plans p
			where p.plan = create_codes.plan) then
		perform refuse('unknown_plan');
	end if;
	made := array(select new_code() from generate_series(1, count));
	insert into codes (code_hash, id, credits, plan, period, created_by,
			created_at, expires_at)
		select code_hash(m), new_id(moment), create_codes.credits,
			create_codes.plan, create_codes.period, caller, moment,
			create_codes.expires_at
		from unnest(made) m;
	perform log_operation(caller, '', 'create_codes', null,
		jsonb_strip_nulls(jsonb_build_object('count', count, 'credits',
			credits, 'plan', plan, 'period', period, 'expires_at',
			expires_at)), reason, ip, user_agent);
	return (200, json_build_object('codes', made)::text, false, null)::answer;
end
$$;
