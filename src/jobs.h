/*
 * The jobs role: what nobody asks for is done here.  Settles wallets to which
 * something is due, each in a transaction of its own, and runs the functions
 * of the schema florin_jobs at their intervals.  Several hosts may run it; no
 * answer to a request ever depends on it.
 */
#ifndef FLORIN_JOBS_H
#define FLORIN_JOBS_H

#include <stddef.h>

struct config;
struct metrics;

/* The name under which its children stand in metrics and log. */
#define JOBS_NAME "jobs"

/* How long a child may be busy with one thing before the master ends it. */
enum { JOBS_BUSY_MS_MAX = 60000 };

/* Work until told to stop: the exit status of the process.  All children
 * settle; the first one of a host runs the other jobs, too. */
int jobs_run(const struct config *config, struct metrics *metrics, size_t slot);

#endif
