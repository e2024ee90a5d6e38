-- The end of a batch: nothing that it did or saw may be answered before the
-- log is on disk.  Sets the session back to synchronous commits and, if the
-- log is not flushed up to here, writes a message whose commit flushes it.
create or replace function florin_api.barrier() returns void
language plpgsql security definer
set search_path = florin, pg_temp
as $$
begin
	perform set_config('synchronous_commit', 'on', false);
	if pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn() then
		perform pg_logical_emit_message(true, 'florin', '');
	end if;
end
$$;
