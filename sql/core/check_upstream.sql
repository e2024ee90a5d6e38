-- Where a feature's requests go: an http address.
create or replace function florin.check_upstream(upstream_url text)
returns void
language plpgsql
as $$
begin
	if upstream_url !~ '^https?://[^[:cntrl:][:space:]]+$' then
		perform florin.refuse_field('upstream_url', 'format',
			'must begin with http:// or https://');
	end if;
end
$$;
