#include "db.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_pipeline.h"
#include "log.h"
#include "util/utime.h"

enum {
	ATTEMPTS_MAX = 3, /* of a call rolled back by a conflict */
	RECONNECT_MIN_US = 50000,
	RECONNECT_MAX_US = 1000000, /* a database that is back is used soon */
	CONNECT_LIMIT_US = 5000000,
	CONNECT_STEP_US = 100000
};

struct db {
	PGconn *conn;    /* NULL while disconnected */
	PGconn *opening; /* NULL unless connecting */
	int64_t give_up_us;
	char *conninfo, *application_name;
	db_check_fn *check;
	int64_t retry_at_us, retry_wait_us;
	char error[256];
	struct db_stats stats;
};

struct db *
db_new(const char *conninfo, const char *application_name)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		abort();
	db->conninfo = strdup(conninfo);
	db->application_name = strdup(application_name);
	return db;
}

static void
disconnect(struct db *db)
{
	PQfinish(db->conn);
	PQfinish(db->opening);
	db->conn = db->opening = NULL;
}

void
db_on_connect(struct db *db, db_check_fn *check)
{
	db->check = check;
}

bool
db_connected(const struct db *db)
{
	return db->conn != NULL;
}

const struct db_stats *
db_stats(const struct db *db)
{
	return &db->stats;
}

/* PostgreSQL says so where a commit may not have reached a standby that it
 * had to reach.  Logged: an operator must look. */
static void
on_notice(void *unused, const PGresult *result)
{
	(void)unused;
	log_event(LOG_LEVEL_WARNING, "database notice: %s",
	    PQresultErrorMessage(result));
}

/* Begin to connect; nothing here waits for the server. */
static bool
begin_connect(struct db *db)
{
	const char *const keys[] = { "dbname", "application_name",
		"client_encoding", NULL };
	const char *const values[] = { db->conninfo, db->application_name,
		"UTF8", NULL };

	db->opening = PQconnectStartParams(keys, values, 1);
	db->give_up_us = time_monotonic_us() + CONNECT_LIMIT_US;
	return db->opening != NULL && PQstatus(db->opening) != CONNECTION_BAD;
}

/* Go on with connecting for a moment: a server that does not answer must not
 * hold up those who can be told so. */
static PostgresPollingStatusType
go_on_connecting(struct db *db)
{
	int64_t pause_us = time_monotonic_us() + CONNECT_STEP_US;

	for (;;) {
		PostgresPollingStatusType next = PQconnectPoll(db->opening);
		struct pollfd p = { PQsocket(db->opening),
			next == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0 };
		int64_t left_us = pause_us - time_monotonic_us();

		if (next == PGRES_POLLING_OK || next == PGRES_POLLING_FAILED)
			return next;
		if (left_us <= 0 || poll(&p, 1, (int)(left_us / 1000) + 1) <= 0)
			return time_monotonic_us() > db->give_up_us
			    ? PGRES_POLLING_FAILED
			    : PGRES_POLLING_READING;
	}
}

/* A connection that is open: check it and prepare every statement. */
static bool
make_ready(struct db *db)
{
	db->conn = db->opening;
	db->opening = NULL;
	PQsetNoticeReceiver(db->conn, on_notice, NULL);
	if (db->check != NULL && !db->check(db->conn)) {
		snprintf(db->error, sizeof(db->error),
		    "the database does not fit this program");
		return false;
	}
	if (PQsetnonblocking(db->conn, 1) != 0 ||
	    !PQenterPipelineMode(db->conn) ||
	    !pipeline_prepare(db->conn, db->error, sizeof(db->error)))
		return false;
	db->stats.connects++;
	db->retry_wait_us = 0;
	db->error[0] = '\0';
	log_event(LOG_LEVEL_NOTICE, "database connected");
	return true;
}

/* Full jitter, so that workers do not come back as one. */
static void
plan_retry(struct db *db)
{
	if (db->retry_wait_us == 0)
		log_event(LOG_LEVEL_ERROR, "database: %s", db->error);
	db->retry_wait_us *= 2;
	if (db->retry_wait_us < RECONNECT_MIN_US)
		db->retry_wait_us = RECONNECT_MIN_US;
	if (db->retry_wait_us > RECONNECT_MAX_US)
		db->retry_wait_us = RECONNECT_MAX_US;
	db->retry_at_us = time_monotonic_us() + random() % db->retry_wait_us;
}

/* Connect if that is due.  A breaker: between attempts callers are told at
 * once. */
static bool
connect_if_due(struct db *db)
{
	PostgresPollingStatusType step = PGRES_POLLING_FAILED;

	if (db->conn != NULL)
		return true;
	if (time_monotonic_us() < db->retry_at_us)
		return false;
	if (db->opening != NULL || begin_connect(db))
		step = go_on_connecting(db);
	if (step == PGRES_POLLING_READING)
		return false;
	if (step == PGRES_POLLING_OK && make_ready(db))
		return true;
	if (db->opening != NULL)
		snprintf(db->error, sizeof(db->error), "%s",
		    PQerrorMessage(db->opening));
	disconnect(db);
	plan_retry(db);
	return false;
}

/* Has the server hung up while we were idle? */
static bool
is_alive(struct db *db)
{
	struct pollfd p = { PQsocket(db->conn), POLLIN, 0 };

	while (poll(&p, 1, 0) > 0)
		if (!PQconsumeInput(db->conn))
			return false;
	return true;
}

/* One attempt at every call that has no final state. */
static void
attempt(struct db *db, struct call **calls, size_t count, int64_t deadline_us,
    int64_t limit_us)
{
	if (!is_alive(db)) {
		disconnect(db); /* nothing was sent: nothing is in doubt */
		return;
	}
	db->stats.batches++;
	db->stats.calls += count;
	if (pipeline_run(db->conn, calls, count, deadline_us, limit_us))
		return;
	log_event(LOG_LEVEL_WARNING, "database lost during %zu calls: %s",
	    count, PQerrorMessage(db->conn));
	disconnect(db);
}

/* A repeat that could not run settles nothing: what came before it is as
 * much in doubt as it was. */
static void
keep_doubts(struct call *const *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i]->doubted &&
		    (calls[i]->state == CALL_NOT_DONE ||
			calls[i]->state == CALL_AGAIN))
			calls[i]->state = CALL_IN_DOUBT;
}

static bool
is_open(struct db *db, const struct call *call)
{
	switch (call->state) {
	case CALL_WAITING:
		return true;
	case CALL_AGAIN:
		db->stats.conflicts++;
		return call->attempts < ATTEMPTS_MAX;
	case CALL_IN_DOUBT:
		db->stats.reruns++;
		return call->rerun;
	default:
		return false;
	}
}

static size_t
collect_open(struct db *db, struct call *const *calls, size_t count,
    struct call **open)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (is_open(db, calls[i]))
			open[n++] = calls[i];
	return n;
}

static bool
any_in_doubt(struct call *const *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i]->state == CALL_IN_DOUBT)
			return true;
	return false;
}

void
db_run(struct db *db, struct call *const *calls, size_t count,
    int64_t deadline_us)
{
	struct call **open = calloc(count + 1, sizeof(*open));
	int64_t limit_us = 2 * deadline_us - time_monotonic_us();
	size_t n;

	if (open == NULL)
		abort();
	if (count == 0) {
		if (db->conn != NULL && !is_alive(db))
			disconnect(db);
		connect_if_due(db);
	}
	while ((n = collect_open(db, calls, count, open)) > 0) {
		if (connect_if_due(db)) {
			attempt(db, open, n, deadline_us, limit_us);
		} else if (any_in_doubt(open, n) &&
		    time_monotonic_us() < deadline_us) {
			/* Somebody's money is in doubt: wait for the way
			 * back; the others of the batch wait with it. */
			poll(NULL, 0, 20);
		} else {
			break;
		}
		if (time_monotonic_us() >= deadline_us)
			break;
	}
	keep_doubts(calls, count);
	free(open);
}
