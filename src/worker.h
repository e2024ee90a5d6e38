/*
 * A worker: takes requests in batches, runs each batch as one pipeline and
 * answers when all of it is durable.
 */
#ifndef FLORIN_WORKER_H
#define FLORIN_WORKER_H

#include <stddef.h>

struct config;
struct metrics;
struct pool_config;

/* Serve until told to stop.  The exit status of the process: 0, or
 * EX_CONFIG if the database does not fit. */
int worker_run(const struct config *config, const struct pool_config *pool,
    int listen_fd, struct metrics *metrics, size_t slot);

#endif
