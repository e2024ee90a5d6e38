/*
 * One long-lived connection to PostgreSQL, used as a pipeline: many calls,
 * each its own transaction, made durable by one barrier at the end.
 *
 * The contract: when db_run returns, every call has a final state, and no
 * outcome in it rests on anything that a crash could still take away.
 */
#ifndef FLORIN_DB_H
#define FLORIN_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "route.h"

struct db;
struct db_result;

enum call_state {
	CALL_WAITING,   /* not done yet; after db_run: never done */
	CALL_ANSWERED,  /* `answer` holds the function's row */
	CALL_REFUSED,   /* SQLSTATE FL000: code, extras, detail */
	CALL_AGAIN,     /* rolled back by a conflict */
	CALL_NOT_DONE,  /* a limit or the server's state stopped it */
	CALL_IN_DOUBT,  /* sent, and the outcome is not known */
	CALL_BAD_INPUT, /* a value that should not have passed our checks */
	CALL_BROKEN     /* the installation or the function is wrong */
};

struct call {
	const struct route *route; /* the row whose function is called */
	const char *values[ROUTE_PARAMS_MAX]; /* context, then fields */
	bool rerun; /* safe to repeat in doubt: a key, a read, a state */
	enum call_state state;
	int attempts;
	bool doubted; /* an earlier attempt's outcome is not known */
	bool alone;   /* goes in no run: the one that it was in left it out */

	/* CALL_ANSWERED */
	int status;
	const char *body; /* NUL-terminated, NULL if none */
	size_t body_len;
	bool replayed;
	int64_t revision; /* -1 if none */
	/* CALL_REFUSED */
	const char *code, *extras, *detail;
	/* every failure */
	char sqlstate[6];
	const char *message;

	struct db_result *result; /* owns the texts above */
};

struct db_stats {
	uint64_t connects, batches, calls, reruns, conflicts;
};

/* A connection by libpq connection string, made at the first db_run. */
struct db *db_new(const char *conninfo, const char *application_name);

/* Run calls; each ends in a final state.  Until deadline_us (monotonic) calls
 * are sent, and those in doubt are repeated with the same values on a new
 * connection; after it those never sent are CALL_WAITING.  What was sent is
 * waited for while results come, at most as long again; then it is
 * CALL_IN_DOUBT.  With no calls it only goes on connecting. */
void db_run(struct db *db, struct call *const *calls, size_t count,
    int64_t deadline_us);

/* Free what a finished call holds. */
void db_call_end(struct call *call);

/* Called after each new connection is ready; returns false if this database
 * must not be used (bootcheck.c). */
struct pg_conn;
typedef bool db_check_fn(struct pg_conn *conn);
void db_on_connect(struct db *db, db_check_fn *check);

bool db_connected(const struct db *db);

const struct db_stats *db_stats(const struct db *db);

#endif
