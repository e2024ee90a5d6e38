-- The first answer to a key, looked up after the wallet's lock; all null if
-- there is none.  Another request with the key: 422; an answer no longer
-- kept: 409.
create or replace function florin.replay(
	uid text, asking_caller text, idempotency_key text, hash bytea)
returns florin.answer
language plpgsql
as $$
declare
	k florin.idempotency_keys;
begin
	if idempotency_key is null then
		return null;
	end if;
	select * into k from florin.idempotency_keys
		where user_id = uid and caller = asking_caller
			and key = idempotency_key;
	if not found then
		return null;
	elsif k.request_hash <> hash then
		perform florin.refuse('idempotency_key_reused');
	elsif k.body is null then
		perform florin.refuse('already_done');
	end if;
	return (k.status, k.body, true, null)::florin.answer;
end
$$;

-- Keep the answer to a key and return it.  Without a key only return it.
create or replace function florin.answer(
	w florin.wallets, asking_caller text, idempotency_key text, hash bytea,
	status integer, body text)
returns florin.answer
language plpgsql
as $$
begin
	if idempotency_key is not null then
		insert into florin.idempotency_keys
			(user_id, caller, key, request_hash, status, body, version,
			created_at)
			values (w.user_id, asking_caller, idempotency_key, hash, status,
			body, w.version, w.last_effective_at);
	end if;
	return (status, body, false, w.revision)::florin.answer;
end
$$;
