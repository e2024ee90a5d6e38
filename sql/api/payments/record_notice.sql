-- A provider's notice whose signature was good: kept raw, once, before it is
-- applied.  `facts` is what the program read in it.
create or replace function florin_api.record_notice(
	caller text, provider text, event_id text, event_type text, raw bytea,
	facts jsonb)
returns florin.answer
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	insert into payment_notices (event_id, provider, event_type, raw, facts,
			outcome, received_at)
		values (event_id, provider, event_type, raw, facts, 'stored',
			florin.clock())
		on conflict do nothing;
	return (204, null, false, null)::answer;
end
$$;
