-- HMAC-SHA256 (RFC 2104) with a key of at most 64 bytes.
create or replace function florin.hmac_sha256(key bytea, message bytea)
returns bytea
language plpgsql immutable
as $$
declare
	inner_key bytea := decode(repeat('36', 64), 'hex');
	outer_key bytea := decode(repeat('5c', 64), 'hex');
begin
	for i in 0 .. length(key) - 1 loop
		inner_key := set_byte(inner_key, i,
			get_byte(inner_key, i) # get_byte(key, i));
		outer_key := set_byte(outer_key, i,
			get_byte(outer_key, i) # get_byte(key, i));
	end loop;
	return sha256(outer_key || sha256(inner_key || message));
end
$$;

-- An address as it is kept of erased users: capitals, blanks at its ends and
-- ways to write the same letter make no other.
create or replace function florin.email_hmac(email text) returns bytea
language sql stable
as $$
	select florin.hmac_sha256(i.email_key,
		convert_to(normalize(lower(btrim(email)), nfkc), 'UTF8'))
	from florin.installation i
$$;

-- Had an erased user this address?
create or replace function florin.is_erased_email(email text) returns boolean
language plpgsql stable
as $$
begin
	if email is null then
		return false;
	end if;
	return exists (select from florin.erased_emails e
		where e.email_hmac = florin.email_hmac(email));
end
$$;
