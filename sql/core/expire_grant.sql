-- What remains of a grant is gone from `moment` on: a row of its own.
create or replace procedure florin.expire_grant(
	inout w florin.wallets, grant_id bigint, moment timestamptz)
language plpgsql
as $$
declare
	g florin.grants;
	t florin.credit_transactions;
begin
	select * into strict g from florin.grants
		where user_id = w.user_id and id = grant_id;
	if g.remaining = 0 then
		return;
	end if;
	update florin.grants set remaining = 0, live = false,
		expired = expired + remaining
		where user_id = w.user_id and id = grant_id;
	t.kind := 'expire';
	t.amount := -g.remaining;
	t.draws := florin.add_draw(null, g.id, g.source, g.remaining);
	t.actor := 'system';
	t.effective_at := moment;
	call florin.post(w, t);
end
$$;
