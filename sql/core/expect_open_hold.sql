-- The hold that somebody wants to end, in a wallet that is locked and
-- settled.  It ends once: 409 with the hold as it is.
create or replace function florin.expect_open_hold(uid text, hold_id text)
returns florin.holds
language plpgsql
as $$
declare
	h florin.holds;
begin
	select * into h from florin.holds where user_id = uid and id = hold_id;
	if not found then
		perform florin.refuse('not_found');
	elsif h.status <> 'open' then
		perform florin.refuse('hold_closed',
			jsonb_build_object('hold', florin.hold_json(h)));
	end if;
	return h;
end
$$;
