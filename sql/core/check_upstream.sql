-- Where a feature's requests go: an http address, without a name and password,
-- which lists and the operation log would show.
create or replace function florin.check_upstream(upstream_url text)
returns void
language plpgsql
as $$
begin
	if upstream_url !~ '^https?://[^[:cntrl:][:space:]]+$' then
		perform florin.refuse_field('upstream_url', 'format',
			'must begin with http:// or https://');
	elsif upstream_url ~ '^https?://[^/?#]*@' then
		perform florin.refuse_field('upstream_url', 'format',
			'must hold no name and password');
	end if;
end
$$;
