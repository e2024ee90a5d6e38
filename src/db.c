#include "db.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "util/utime.h"

enum {
	ATTEMPTS_MAX = 3,           /* of a call rolled back by a conflict */
	RECONNECT_MIN_US = 50000,
	RECONNECT_MAX_US = 1000000, /* a database that is back is used soon */
	PREPARE_LIMIT_US = 5000000,
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
db_free(struct db *db)
{
	disconnect(db);
	free(db->conninfo);
	free(db->application_name);
	free(db);
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

const char *
db_last_error(const struct db *db)
{
	return db->error;
}

const struct db_stats *
db_stats(const struct db *db)
{
	return &db->stats;
}

/* Wait for the socket; false past the deadline. */
static bool
wait_socket(struct db *db, short events, int64_t deadline_us)
{
	struct pollfd p = { PQsocket(db->conn), events, 0 };
	int64_t left_us = deadline_us - time_monotonic_us();
	int n;

	if (left_us < 0)
		return false;
	do
		n = poll(&p, 1, (int)(left_us / 1000) + 1);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

/* Send all that is queued, reading meanwhile so that neither side blocks. */
static bool
flush(struct db *db, int64_t deadline_us)
{
	int n;

	while ((n = PQflush(db->conn)) == 1) {
		if (!wait_socket(db, POLLIN | POLLOUT, deadline_us))
			return false;
		if (!PQconsumeInput(db->conn))
			return false;
	}
	return n == 0;
}

/* The next result; false if the connection is lost or too slow. */
static bool
next_result(struct db *db, PGresult **result, int64_t deadline_us)
{
	while (PQisBusy(db->conn)) {
		if (!wait_socket(db, POLLIN, deadline_us))
			return false;
		if (!PQconsumeInput(db->conn))
			return false;
	}
	*result = PQgetResult(db->conn);
	return true;
}

/* One statement's result, its end and its Sync: after it its transaction is
 * over.  NULL if the connection is lost. */
static PGresult *
receive(struct db *db, int64_t deadline_us)
{
	PGresult *first = NULL, *more = NULL;

	if (!next_result(db, &first, deadline_us) || first == NULL)
		return NULL;
	for (;;) {
		if (!next_result(db, &more, deadline_us))
			break;
		if (more == NULL)
			continue; /* the end of the statement: its Sync follows */
		if (PQresultStatus(more) == PGRES_PIPELINE_SYNC) {
			PQclear(more);
			return first;
		}
		/* A second error: the connection died before the Sync. */
		PQclear(more);
		break;
	}
	PQclear(first);
	return NULL;
}

static void
statement_name(char out[24], const struct route *route)
{
	snprintf(out, 24, "r%zu", route_index(route));
}

static bool
send_prepare(struct db *db, const char *name, const char *sql)
{
	return PQsendPrepare(db->conn, name, sql, 0, NULL) &&
	    PQpipelineSync(db->conn);
}

static bool
send_prepares(struct db *db, size_t *count)
{
	char name[24], sql[512];

	*count = 2;
	if (!send_prepare(db, "commit_async",
		"select set_config('synchronous_commit', 'off', false)") ||
	    !send_prepare(db, "barrier", "select florin_api.barrier()"))
		return false;
	for (size_t i = 0; i < route_count(); i++) {
		struct route_param params[ROUTE_PARAMS_MAX];
		const struct route *route = route_at(i);
		size_t used, n;

		if (route->function == NULL || !route_served(route))
			continue;
		n = route_params(route, params);
		used = (size_t)snprintf(sql, sizeof(sql),
		    "select status, body, replayed, revision from %s(",
		    route->function);
		for (size_t k = 0; k < n; k++)
			used += (size_t)snprintf(sql + used,
			    sizeof(sql) - used, k ? ", $%zu::%s" : "$%zu::%s",
			    k + 1, params[k].sql_type);
		snprintf(sql + used, sizeof(sql) - used, ")");
		statement_name(name, route);
		if (!send_prepare(db, name, sql))
			return false;
		(*count)++;
	}
	return true;
}

static bool
prepare_all(struct db *db)
{
	int64_t deadline_us = time_monotonic_us() + PREPARE_LIMIT_US;
	size_t count;

	if (!send_prepares(db, &count) || !flush(db, deadline_us))
		return false;
	for (size_t i = 0; i < count; i++) {
		PGresult *result = receive(db, deadline_us);
		bool ok = result != NULL &&
		    PQresultStatus(result) == PGRES_COMMAND_OK;

		if (result != NULL && !ok)
			snprintf(db->error, sizeof(db->error), "%s",
			    PQresultErrorMessage(result));
		PQclear(result);
		if (!ok)
			return false;
	}
	return true;
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
	return db->opening != NULL &&
	    PQstatus(db->opening) != CONNECTION_BAD;
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
		if (left_us <= 0 ||
		    poll(&p, 1, (int)(left_us / 1000) + 1) <= 0)
			return time_monotonic_us() > db->give_up_us ?
			    PGRES_POLLING_FAILED :
			    PGRES_POLLING_READING;
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
	    !PQenterPipelineMode(db->conn) || !prepare_all(db))
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

/* The closed table of what a failure means (docs/failures.md). */
static enum call_state
classify(const char *sqlstate)
{
	static const struct {
		const char *prefix;
		enum call_state state;
	} rows[] = {
		{ "FL", CALL_REFUSED },
		{ "40001", CALL_AGAIN }, { "40P01", CALL_AGAIN },
		{ "55P03", CALL_NOT_DONE }, { "57014", CALL_NOT_DONE },
		{ "53300", CALL_NOT_DONE }, { "53100", CALL_NOT_DONE },
		{ "53200", CALL_NOT_DONE }, { "57P03", CALL_NOT_DONE },
		{ "57P01", CALL_IN_DOUBT }, { "57P02", CALL_IN_DOUBT },
		{ "57P05", CALL_IN_DOUBT }, { "25P03", CALL_IN_DOUBT },
		{ "08", CALL_IN_DOUBT },
		{ "22021", CALL_BAD_INPUT }, { "22P05", CALL_BAD_INPUT },
		{ "22003", CALL_BAD_INPUT }, { "22P02", CALL_BAD_INPUT },
		{ "22008", CALL_BAD_INPUT }, { "22007", CALL_BAD_INPUT },
	};

	if (sqlstate == NULL || sqlstate[0] == '\0')
		return CALL_IN_DOUBT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strncmp(sqlstate, rows[i].prefix,
			strlen(rows[i].prefix)) == 0)
			return rows[i].state;
	return CALL_BROKEN;
}

static void
take_row(struct call *call, PGresult *result)
{
	call->status = atoi(PQgetvalue(result, 0, 0));
	call->body = PQgetisnull(result, 0, 1) ? NULL :
						 PQgetvalue(result, 0, 1);
	call->body_len = (size_t)PQgetlength(result, 0, 1);
	call->replayed = PQgetvalue(result, 0, 2)[0] == 't';
	call->revision = PQgetisnull(result, 0, 3) ?
	    -1 :
	    strtoll(PQgetvalue(result, 0, 3), NULL, 10);
	call->state = CALL_ANSWERED;
}

static void
take_failure(struct call *call, PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	call->state = classify(sqlstate);
	snprintf(call->sqlstate, sizeof(call->sqlstate), "%s",
	    sqlstate != NULL ? sqlstate : "");
	call->message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	call->code = call->message;
	call->extras = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	call->detail = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
}

/* Fill a call from its result, which it then owns. */
static void
take(struct call *call, PGresult *result)
{
	call->result = (struct db_result *)result;
	if (PQresultStatus(result) == PGRES_TUPLES_OK &&
	    PQntuples(result) == 1 && !PQgetisnull(result, 0, 0))
		take_row(call, result);
	else if (PQresultStatus(result) == PGRES_FATAL_ERROR)
		take_failure(call, result);
	else
		call->state = CALL_BROKEN;
}

void
db_call_end(struct call *call)
{
	PQclear((PGresult *)call->result);
	call->result = NULL;
}

static bool
send_call(struct db *db, const struct call *call)
{
	struct route_param params[ROUTE_PARAMS_MAX];
	char name[24];

	statement_name(name, call->route);
	return PQsendQueryPrepared(db->conn, name,
		   (int)route_params(call->route, params), call->values, NULL,
		   NULL, 0) &&
	    PQpipelineSync(db->conn);
}

static bool
send_plain(struct db *db, const char *name)
{
	return PQsendQueryPrepared(db->conn, name, 0, NULL, NULL, NULL, 0) &&
	    PQpipelineSync(db->conn);
}

static bool
receive_plain(struct db *db, int64_t deadline_us)
{
	PGresult *result = receive(db, deadline_us);
	bool ok = result != NULL && PQresultStatus(result) == PGRES_TUPLES_OK;

	PQclear(result);
	return ok;
}

/*
 * Send a batch, take its results, end with the barrier.  False if the
 * connection failed anywhere before the barrier was through: then nothing
 * that was seen may be told to anybody.
 */
static bool
exchange(struct db *db, struct call *const *calls, size_t count,
    int64_t deadline_us)
{
	bool ok = true;

	if (count > 1)
		ok = send_plain(db, "commit_async");
	for (size_t i = 0; ok && i < count; i++)
		ok = send_call(db, calls[i]);
	if (!ok || !send_plain(db, "barrier") || !flush(db, deadline_us))
		return false;

	if (count > 1 && !receive_plain(db, deadline_us))
		return false;
	for (size_t i = 0; i < count; i++) {
		PGresult *result = receive(db, deadline_us);

		if (result == NULL)
			return false;
		take(calls[i], result);
		if (calls[i]->state == CALL_IN_DOUBT)
			return false;
	}
	return receive_plain(db, deadline_us);
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
attempt(struct db *db, struct call **calls, size_t count, int64_t deadline_us)
{
	if (!is_alive(db)) {
		disconnect(db); /* nothing was sent: nothing is in doubt */
		return;
	}
	db->stats.batches++;
	db->stats.calls += count;
	for (size_t i = 0; i < count; i++) {
		db_call_end(calls[i]);
		calls[i]->attempts++;
	}
	if (exchange(db, calls, count, deadline_us))
		return;
	log_event(LOG_LEVEL_WARNING, "database lost during %zu calls: %s",
	    count, PQerrorMessage(db->conn));
	disconnect(db);
	for (size_t i = 0; i < count; i++) {
		calls[i]->state = CALL_IN_DOUBT;
		calls[i]->doubted = true;
	}
}

/* A repeat that could not run settles nothing: what came before it is as
 * much in doubt as it was. */
static void
keep_doubts(struct call *const *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (calls[i]->doubted && (calls[i]->state == CALL_NOT_DONE ||
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
			attempt(db, open, n, deadline_us);
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
