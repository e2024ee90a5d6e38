-- What would help somebody whose credits do not suffice:
-- [{kind: "top_up", package_id} | {kind: "upgrade", plan}].
create or replace function florin.suggestions(
	w florin.wallets, shortfall bigint)
returns jsonb
language sql stable
as $$ select '[]'::jsonb $$;
