/*
 * From a request to its calls: every check in the contract's order (size,
 * route, token, role, fields, whose), then the row's handler.
 */
#ifndef FLORIN_DISPATCH_H
#define FLORIN_DISPATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "route.h"

struct auth;
struct call;
struct config;
struct metrics;
struct payments;
struct pool_config;
struct ratelimit;
struct request;

/* What the checks need beside the request. */
struct dispatch {
	const struct config *config;
	const struct pool_config *pool;
	const struct metrics *metrics;
	struct ratelimit *limits;
	struct auth *auth;
	const struct payments *payments;
};

/* Check a request that was read; leaves calls to run, or a reply. */
void dispatch_start(const struct dispatch *d, struct request *r);

/* Make the reply from the calls' outcomes. */
void dispatch_finish(struct request *r);

/* Rows that no request reaches: what the worker itself calls. */
extern const struct route internal_routes[];

/* True if a refusal of this request is to be recorded: r->audit is ready. */
bool dispatch_audit(struct request *r);

/* Handler of most rows: one call, its answer is the reply. */
extern const struct handler handle_call;

/* The values of a call of the request's row, in the function's order. */
void dispatch_values(struct request *r, struct call *call);

/* The same of any row, for this user with this key (NULL: none); `values` are
 * those of its fields.  All texts must live as long as the request. */
void
dispatch_fill(struct request *r, struct call *call, const struct route *route,
    const char *user_id, const char *key, const char *const *values);

/* The dispatch of this process, for handlers (metrics, readiness). */
const struct dispatch *dispatch_current(void);

#endif
