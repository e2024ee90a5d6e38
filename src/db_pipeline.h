/*
 * A connection in pipeline mode: the statements of the routing table, and
 * batches of calls that end with the barrier.  Part of db.c.
 */
#ifndef FLORIN_DB_PIPELINE_H
#define FLORIN_DB_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct pg_conn;

/* Prepare the statement of each row that this process serves; false with the
 * reason in `error`. */
bool pipeline_prepare(struct pg_conn *conn, char *error, size_t error_size);

/*
 * Send calls (those of a run are moved together), take their results, end
 * with the barrier.  Those that are CALL_WAITING after it were not done:
 * they were not sent, or a run left them out.  After deadline_us
 * none is sent any more: those keep the state that they had.  What was sent is
 * waited for as long as results come, at most until limit_us.  False if the
 * connection failed anywhere before the barrier was through: then nothing
 * that was seen may be told to anybody, and all that were sent are
 * CALL_IN_DOUBT.
 *
 * A user whose wallet is found locked holds up nobody for long: its calls
 * that were not sent yet are CALL_NOT_DONE at once.
 */
bool pipeline_run(struct pg_conn *conn, struct call **calls, size_t count,
    int64_t deadline_us, int64_t limit_us);

#endif
