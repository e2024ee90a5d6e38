/*
 * How often one caller may ask, counted in memory that all workers of a host
 * share: a generic cell rate algorithm, one time stamp a caller.
 */
#ifndef FLORIN_RATELIMIT_H
#define FLORIN_RATELIMIT_H

#include <stdbool.h>
#include <stdint.h>

enum { RATELIMIT_PLACES = 32768 };

struct ratelimit_place {
	_Atomic uint64_t caller; /* hash of who it is; 0: free */
	_Atomic int64_t due_us;  /* when all of its quota is back, monotonic */
};

struct ratelimit {
	struct ratelimit_place places[RATELIMIT_PLACES];
};

struct ratelimit_answer {
	bool allowed;
	int64_t remaining; /* requests that may follow at once */
	int64_t reset_s;   /* until all of the quota is back */
	int64_t retry_s;   /* until one more is allowed, 0 if allowed */
};

/* Count one request of `caller` at now_us (monotonic) against quota requests
 * a window. */
struct ratelimit_answer ratelimit_take(struct ratelimit *limits,
    const char *caller, int64_t quota, int64_t window_us, int64_t now_us);

#endif
