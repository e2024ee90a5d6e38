/*
 * Counters in memory that the master shares with its children: one slot a
 * child, written by it alone, read by whoever answers /metrics and /status.
 */
#ifndef FLORIN_METRICS_H
#define FLORIN_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ratelimit.h"

struct buf;

enum {
	METRICS_SLOTS = 128,
	METRICS_ROUTES = 257, /* rows, then one for "no route" */
	METRICS_CLASSES = 5,  /* 1xx .. 5xx */
	METRICS_BUCKETS = 14
};

struct metrics_slot {
	pid_t pid; /* 0: free */
	char pool[24];
	int64_t started_unix_us;
	int64_t busy_since_us; /* monotonic; 0 while idle */
	uint64_t requests;
	uint64_t batches;
	uint64_t slow;
	uint64_t replays;
	uint64_t refused_tokens;
	uint64_t database_connects, database_reruns, database_conflicts;
	bool database_up;
	uint64_t by_route[METRICS_ROUTES][METRICS_CLASSES];
	uint64_t buckets[METRICS_BUCKETS + 1]; /* latency; last: +Inf */
	uint64_t latency_us;
};

enum { METRICS_JOBS = 16 };

/* What the children of the jobs role did, in sum (metrics_add). */
struct metrics_job {
	char name[32];
	uint64_t runs, done, failures;
};

struct metrics_jobs {
	uint64_t settled, settle_failures;
	uint64_t due_wallets, overdue_seconds; /* when last looked at */
	struct metrics_job rows[METRICS_JOBS];
};

/* All that master and children share. */
struct metrics {
	int64_t started_unix_us; /* of the master */
	uint64_t restarts;       /* children replaced after a failure */
	uint64_t max_active;
	struct metrics_slot slots[METRICS_SLOTS];
	struct metrics_jobs jobs;
	struct ratelimit limits;
};

/* Make the shared memory; *fd can be inherited by a child.  NULL: failed. */
struct metrics *metrics_create(int *fd);
struct metrics *metrics_attach(int fd);

/* Count one answered request in a slot. */
void metrics_count(struct metrics_slot *slot, size_t route, int status,
    int64_t latency_us);

/* Count in what several children share. */
void metrics_add(uint64_t *counter, uint64_t n);

/* The texts of /metrics (Prometheus) and /status (php-fpm's keys). */
void metrics_print(const struct metrics *m, struct buf *out);
void metrics_status(const struct metrics *m, const char *pool, bool json,
    struct buf *out);

#endif
