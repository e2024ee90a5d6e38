-- Redemption codes: 80 random bits as four groups of four letters and digits
-- (base 32 without i, l, o, u), kept only by their hash.
create or replace function florin.new_code() returns text
language plpgsql volatile
as $$
declare
	digits constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
	-- Of a version 4 UUID the bits that are random.
	random_bits constant bit(128) :=
		('x' || replace(gen_random_uuid()::text, '-', ''))::bit(128);
	bits constant bit varying := substring(random_bits from 1 for 48)
		|| substring(random_bits from 97 for 32);
	code text := '';
begin
	for i in 0..15 loop
		code := code || case when i % 4 = 0 and i > 0 then '-' else '' end
			|| substr(digits, substring(bits from i * 5 + 1 for 5)
				::bit(5)::integer + 1, 1);
	end loop;
	return code;
end
$$;

-- As people write codes: any case, with blanks and dashes or without.
create or replace function florin.code_hash(code text) returns bytea
language sql immutable
as $$
	select sha256(convert_to(upper(regexp_replace(code, '[ -]', '', 'g')),
		'UTF8'))
$$;
