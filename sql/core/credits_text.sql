-- The wallet with its open grants, in burn order, and the membership.
create or replace function florin.credits_text(w florin.wallets) returns text
language plpgsql stable
as $$
begin
	return (florin.wallet_json(w)::jsonb || jsonb_build_object(
		'grants', coalesce((
			select jsonb_agg(florin.grant_json(g))
			from florin.burn_order(w.user_id) g), '[]'),
		'membership', florin.membership_json(w.user_id)))::text;
end
$$;

-- The balance of a moment that is not in the future.
create or replace function florin.balance_at(uid text, at timestamptz)
returns florin.answer
language plpgsql stable
as $$
declare
	last_seq bigint;
begin
	if at > greatest(florin.clock(), (select last_effective_at
			from florin.wallets where user_id = uid)) then
		perform florin.refuse_field('at', 'range',
			'must not be in the future');
	end if;
	last_seq := florin.seq_at(uid, at);
	return (200, json_build_object(
		'user_id', uid,
		'at', at,
		'balance', coalesce((select balance_after
			from florin.credit_transactions
			where user_id = uid and seq = last_seq), 0))::text,
		false, null)::florin.answer;
end
$$;
