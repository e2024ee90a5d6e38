/*
 * Before a connection is used: does this database fit this program?
 */
#ifndef FLORIN_BOOTCHECK_H
#define FLORIN_BOOTCHECK_H

#include <stdbool.h>

struct pg_conn;

/* Compare every served row of the routing table with pg_proc (names and
 * types of parameters, right to execute) and check the server's settings
 * (fsync, full_page_writes, not in recovery, connections enough).  Logs each
 * difference. */
bool bootcheck(struct pg_conn *conn);

/* True if a check found this program and the schema to differ: waiting does
 * not help. */
bool bootcheck_mismatch(void);

/* How many connections all pools of this host may take. */
void bootcheck_connections(int wanted);

#endif
