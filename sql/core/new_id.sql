-- 26 characters [0-9a-z], ordered by time: 48 bits of milliseconds and 80
-- random bits (of a version 4 UUID), base 32 without i, l, o, u.
create or replace function florin.new_id(at timestamptz) returns text
language plpgsql volatile
as $$
declare
	digits constant text := '0123456789abcdefghjkmnpqrstvwxyz';
	random_bits constant bit(128) :=
		('x' || replace(gen_random_uuid()::text, '-', ''))::bit(128);
	bits constant bit varying :=
		B'00' || (extract(epoch from at) * 1000)::bigint::bit(48)
		|| substring(random_bits from 1 for 48)
		|| substring(random_bits from 97 for 32);
	id text := '';
begin
	for i in 0..25 loop
		id := id || substr(digits,
			substring(bits from i * 5 + 1 for 5)::bit(5)::integer + 1, 1);
	end loop;
	return id;
end
$$;
