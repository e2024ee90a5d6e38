-- What time it is.  Read it after the wallet's lock is held, never before: an
-- operation that waited would take credits that expired meanwhile.
-- (An install made with test_mode replaces this by test_mode/clock.sql.)
create or replace function florin.clock() returns timestamptz
language sql volatile
as $$ select clock_timestamp() $$;
