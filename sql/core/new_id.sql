-- 26 characters [0-9a-z], ordered by time: 48 bits of milliseconds, 10 of the
-- microseconds in this one, and 70 random bits (of a version 4 UUID), base 32
-- without i, l, o, u.  Lists go by id: two of one millisecond stand in order.
create or replace function florin.new_id(at timestamptz) returns text
language plpgsql volatile
as $$
declare
	digits constant text := '0123456789abcdefghjkmnpqrstvwxyz';
	us constant bigint := (extract(epoch from at) * 1000000)::bigint;
	random_bits constant bit(128) :=
		('x' || replace(gen_random_uuid()::text, '-', ''))::bit(128);
	bits constant bit varying :=
		B'00' || (us / 1000)::bit(48) || (us % 1000)::bit(10)
		|| substring(random_bits from 1 for 48)
		|| substring(random_bits from 107 for 22);
	id text := '';
begin
	for i in 0..25 loop
		id := id || substr(digits,
			substring(bits from i * 5 + 1 for 5)::bit(5)::integer + 1, 1);
	end loop;
	return id;
end
$$;
