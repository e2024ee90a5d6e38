/*
 * Many calls in one statement, a run.  Where a row has ROUTE_RUNS, the function
 * of the row before it takes (caller, calls); `calls` is an array of objects
 * whose members are the parameters of the row's own function.  It does what is
 * simply done and answers each, in their order; a null answer was not done, and
 * the call must be made by itself.  Part of db.c.
 */
#ifndef FLORIN_DB_RUN_H
#define FLORIN_DB_RUN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct call;
struct pg_result;

/* Move those of `count` calls (at least 1) that can go together with the first
 * behind it; how many they are.  What one user asked keeps its order. */
size_t run_gather(struct call **calls, size_t count);

/* Make the one call that stands for `count` calls; its text lives in `text`
 * as long as it is on its way. */
void run_call(struct call *run, struct call *const *calls, size_t count,
    struct buf *text);

/* Give each call that was done a result of its own, one row of the run's, NULL
 * to the others; false if there is not a row for each. */
bool run_split(struct call *const *calls, size_t count,
    const struct pg_result *result);

#endif
