#include "db_pipeline.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "db_run.h"
#include "log.h"
#include "util/buf.h"
#include "util/utime.h"

#define LOCK_NOT_AVAILABLE "55P03"

enum {
	FLIGHT_MAX = 16, /* calls sent and not yet answered */
	RUN_MAX = 64,    /* calls of one statement */
	LOCKED_MAX = 16, /* users whose wallet was found locked */
	PREPARE_LIMIT_US = 5000000,
	STEP_LIMIT_US = 1000000 /* past the deadline, from result to result */
};

/* Wait for the socket; false past the deadline. */
static bool
wait_socket(PGconn *conn, short events, int64_t deadline_us)
{
	struct pollfd p = { PQsocket(conn), events, 0 };
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
flush(PGconn *conn, int64_t deadline_us)
{
	int n;

	while ((n = PQflush(conn)) == 1) {
		if (!wait_socket(conn, POLLIN | POLLOUT, deadline_us))
			return false;
		if (!PQconsumeInput(conn))
			return false;
	}
	return n == 0;
}

/* The next result; false if the connection is lost or too slow. */
static bool
next_result(PGconn *conn, PGresult **result, int64_t deadline_us)
{
	while (PQisBusy(conn)) {
		if (!wait_socket(conn, POLLIN, deadline_us))
			return false;
		if (!PQconsumeInput(conn))
			return false;
	}
	*result = PQgetResult(conn);
	return true;
}

/* One statement's result, its end and its Sync: after it its transaction is
 * over.  NULL if the connection is lost. */
static PGresult *
receive(PGconn *conn, int64_t deadline_us)
{
	PGresult *first = NULL, *more = NULL;

	if (!next_result(conn, &first, deadline_us) || first == NULL)
		return NULL;
	for (;;) {
		if (!next_result(conn, &more, deadline_us))
			break;
		if (more == NULL)
			continue; /* the statement's end, then its Sync */
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
send_prepare(PGconn *conn, const char *name, const char *sql)
{
	return PQsendPrepare(conn, name, sql, 0, NULL) && PQpipelineSync(conn);
}

static bool
send_prepares(PGconn *conn, size_t *count)
{
	char name[24], sql[512];

	*count = 2;
	if (!send_prepare(conn, "commit_async",
		"select set_config('synchronous_commit', 'off', false)") ||
	    !send_prepare(conn, "barrier", "select florin_api.barrier()"))
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
			used += (size_t)snprintf(sql + used, sizeof(sql) - used,
			    k ? ", $%zu::%s" : "$%zu::%s", k + 1,
			    params[k].sql_type);
		snprintf(sql + used, sizeof(sql) - used, ")");
		statement_name(name, route);
		if (!send_prepare(conn, name, sql))
			return false;
		(*count)++;
	}
	return true;
}

bool
pipeline_prepare(PGconn *conn, char *error, size_t error_size)
{
	int64_t deadline_us = time_monotonic_us() + PREPARE_LIMIT_US;
	size_t count;

	if (!send_prepares(conn, &count) || !flush(conn, deadline_us))
		return false;
	for (size_t i = 0; i < count; i++) {
		PGresult *result = receive(conn, deadline_us);
		bool ok = result != NULL &&
		    PQresultStatus(result) == PGRES_COMMAND_OK;

		if (result != NULL && !ok)
			snprintf(error, error_size, "%s",
			    PQresultErrorMessage(result));
		PQclear(result);
		if (!ok)
			return false;
	}
	return true;
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
		{ "40001", CALL_AGAIN },
		{ "40P01", CALL_AGAIN },
		{ LOCK_NOT_AVAILABLE, CALL_NOT_DONE },
		{ "57014", CALL_NOT_DONE },
		{ "53300", CALL_NOT_DONE },
		{ "53100", CALL_NOT_DONE },
		{ "53200", CALL_NOT_DONE },
		{ "57P03", CALL_NOT_DONE },
		{ "57P01", CALL_IN_DOUBT },
		{ "57P02", CALL_IN_DOUBT },
		{ "57P05", CALL_IN_DOUBT },
		{ "25P03", CALL_IN_DOUBT },
		{ "08", CALL_IN_DOUBT },
		{ "22021", CALL_BAD_INPUT },
		{ "22P05", CALL_BAD_INPUT },
		{ "22003", CALL_BAD_INPUT },
		{ "22P02", CALL_BAD_INPUT },
		{ "22008", CALL_BAD_INPUT },
		{ "22007", CALL_BAD_INPUT },
	};

	if (sqlstate == NULL || sqlstate[0] == '\0')
		return CALL_IN_DOUBT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strncmp(sqlstate, rows[i].prefix, strlen(rows[i].prefix)) ==
		    0)
			return rows[i].state;
	return CALL_BROKEN;
}

/* A refusal that was returned, so that what its function wrote stays: code,
 * explanation and extra members, a line each (florin.refusal). */
static void
take_refusal(struct call *call, char *text)
{
	char *detail = strchrnul(text, '\n');
	char *extras = strchrnul(detail + (*detail != '\0'), '\n');

	call->state = *extras != '\0' ? CALL_REFUSED : CALL_BROKEN;
	if (call->state == CALL_BROKEN)
		return;
	*detail = *extras = '\0';
	call->code = text;
	call->detail = detail + 1;
	call->extras = extras + 1;
}

static void
take_row(struct call *call, PGresult *result)
{
	call->status = atoi(PQgetvalue(result, 0, 0));
	call->body = PQgetisnull(result, 0, 1) ? NULL
					       : PQgetvalue(result, 0, 1);
	call->body_len = (size_t)PQgetlength(result, 0, 1);
	call->replayed = PQgetvalue(result, 0, 2)[0] == 't';
	call->revision = PQgetisnull(result, 0, 3)
	    ? -1
	    : strtoll(PQgetvalue(result, 0, 3), NULL, 10);
	call->state = CALL_ANSWERED;
	if (call->status == 0)
		take_refusal(call, PQgetvalue(result, 0, 1));
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
send_call(PGconn *conn, const struct call *call)
{
	struct route_param params[ROUTE_PARAMS_MAX];
	char name[24];

	statement_name(name, call->route);
	return PQsendQueryPrepared(conn, name,
		   (int)route_params(call->route, params), call->values, NULL,
		   NULL, 0) &&
	    PQpipelineSync(conn);
}

static bool
send_plain(PGconn *conn, const char *name)
{
	return PQsendQueryPrepared(conn, name, 0, NULL, NULL, NULL, 0) &&
	    PQpipelineSync(conn);
}

static bool
receive_plain(PGconn *conn, int64_t deadline_us)
{
	PGresult *result = receive(conn, deadline_us);
	bool ok = result != NULL && PQresultStatus(result) == PGRES_TUPLES_OK;

	PQclear(result);
	return ok;
}

/* ---- a batch on its way ---- */

/*
 * Calls are sent some ahead of their results, never all at once: what has not
 * been sent when time is up was not done, and that can be told.
 *
 * Calls whose row says so go out together, as one statement (a run).  What of
 * it was not done is asked again alone, and until that is known nothing else is
 * sent: what one request asks of a user is done in its order.
 */
struct batch {
	PGconn *conn;
	struct call **calls;
	size_t count, next; /* the first that was not looked at */
	struct call **sent;
	size_t sent_count, received;
	size_t *together; /* calls of the statement that sent[i] begins */
	bool running;     /* a run is on its way, nothing behind it */
	struct buf text;
	bool closed; /* the barrier is on its way */
	const char *locked[LOCKED_MAX];
	size_t locked_count;
	int64_t deadline_us, limit_us, progress_us;
};

static const char *
user_of(const struct call *call)
{
	return call->route->flags & ROUTE_SCOPED ? call->values[1] : NULL;
}

/* Its wallet was locked a moment ago: every further call of this user would
 * wait as long, and those of others behind it. */
static bool
is_locked_out(const struct batch *b, const struct call *call)
{
	const char *user = user_of(call);

	for (size_t i = 0; user != NULL && i < b->locked_count; i++)
		if (strcmp(b->locked[i], user) == 0)
			return call->state != CALL_IN_DOUBT;
	return false;
}

static void
note_locked(struct batch *b, const struct call *call)
{
	if (strcmp(call->sqlstate, LOCK_NOT_AVAILABLE) == 0 &&
	    call->state == CALL_NOT_DONE && user_of(call) != NULL &&
	    b->locked_count < LOCKED_MAX)
		b->locked[b->locked_count++] = user_of(call);
}

static void
pass_over(struct call *call)
{
	db_call_end(call);
	call->state = CALL_NOT_DONE;
	strcpy(call->sqlstate, LOCK_NOT_AVAILABLE);
	call->message = NULL;
}

/* Send the next call, with those that can go with it. */
static bool
send_next(struct batch *b)
{
	struct call **calls = b->calls + b->next;
	struct call run;
	size_t left = b->count - b->next, n;

	if (is_locked_out(b, calls[0])) {
		pass_over(calls[0]);
		b->next++;
		return true;
	}
	n = run_gather(calls, left < RUN_MAX ? left : RUN_MAX);
	b->next += n;
	b->together[b->sent_count] = n;
	for (size_t i = 0; i < n; i++) {
		db_call_end(calls[i]);
		calls[i]->attempts++;
		/* until its result says otherwise */
		calls[i]->state = CALL_IN_DOUBT;
		b->sent[b->sent_count++] = calls[i];
	}
	b->running = n > 1;
	if (n == 1)
		return send_call(b->conn, calls[0]);
	run_call(&run, calls, n, &b->text);
	return send_call(b->conn, &run);
}

/* Send what may be on its way now, and the barrier behind the last. */
static bool
send_more(struct batch *b)
{
	while (b->next < b->count && b->sent_count - b->received < FLIGHT_MAX) {
		if (time_monotonic_us() >= b->deadline_us) {
			b->count =
			    b->next; /* the others are left as they are */
			break;
		}
		if (b->running)
			return flush(b->conn, b->limit_us);
		if (!send_next(b))
			return false;
	}
	if (b->next == b->count && !b->closed) {
		b->closed = true;
		if (!send_plain(b->conn, "barrier"))
			return false;
	}
	return flush(b->conn, b->limit_us);
}

/* When to give up waiting: at the deadline, or later as long as results come
 * (each wait for a lock ends in one), but not past the limit. */
static int64_t
patience(const struct batch *b)
{
	int64_t until_us = b->progress_us + STEP_LIMIT_US;

	if (until_us < b->deadline_us)
		until_us = b->deadline_us;
	return until_us < b->limit_us ? until_us : b->limit_us;
}

/* What came of a run: each call's answer, or that it is to be asked alone. */
static void
take_run(struct call *const *calls, size_t n, PGresult *result)
{
	struct call run = { .state = CALL_WAITING };

	if (run_split(calls, n, result))
		PQclear(result);
	else
		take(&run, result);
	for (size_t i = 0; i < n; i++) {
		calls[i]->state = CALL_WAITING;
		if (calls[i]->result != NULL)
			take(calls[i], (PGresult *)calls[i]->result);
		else if (run.state == CALL_IN_DOUBT)
			calls[i]->state = CALL_IN_DOUBT;
		else
			calls[i]->alone = true;
	}
	if (run.state == CALL_BROKEN)
		log_event(LOG_LEVEL_WARNING, "a run of %zu calls: %s", n,
		    run.message != NULL ? run.message : "not a row for each");
	db_call_end(&run);
}

/* Calls of a run that were not done come next, before what else their users
 * asked.  Behind the last call of all they are left to the next attempt. */
static void
send_again(struct batch *b, struct call *const *run, size_t n)
{
	while (n-- > 0)
		if (run[n]->state == CALL_WAITING)
			b->calls[--b->next] = run[n];
}

static bool
receive_next(struct batch *b)
{
	struct call **calls = b->sent + b->received;
	size_t n = b->together[b->received];
	PGresult *result = receive(b->conn, patience(b));

	if (result == NULL)
		return false;
	if (n == 1) {
		take(calls[0], result);
	} else {
		take_run(calls, n, result);
		b->running = false;
		if (!b->closed)
			send_again(b, calls, n);
	}
	b->received += n;
	b->progress_us = time_monotonic_us();
	note_locked(b, calls[0]);
	return calls[0]->state != CALL_IN_DOUBT;
}

static bool
exchange(struct batch *b)
{
	bool many = b->count > 1;

	if (many && !send_plain(b->conn, "commit_async"))
		return false;
	if (!send_more(b) || (many && !receive_plain(b->conn, patience(b))))
		return false;
	while (b->received < b->sent_count) {
		if (!receive_next(b))
			return false;
		if (!b->closed &&
		    b->sent_count - b->received <= FLIGHT_MAX / 2 &&
		    !send_more(b))
			return false;
	}
	return receive_plain(b->conn, patience(b));
}

bool
pipeline_run(PGconn *conn, struct call **calls, size_t count,
    int64_t deadline_us, int64_t limit_us)
{
	struct batch b = { .conn = conn,
		.calls = calls,
		.count = count,
		.deadline_us = deadline_us,
		.limit_us = limit_us };
	bool done;

	b.sent = calloc(2 * count + 1, sizeof(*b.sent)); /* in a run, alone */
	b.together = calloc(2 * count + 1, sizeof(*b.together));
	if (b.sent == NULL || b.together == NULL)
		abort();
	done = exchange(&b);
	for (size_t i = 0; !done && i < b.sent_count; i++) {
		if (b.sent[i]->state == CALL_WAITING)
			continue; /* its run did nothing */
		b.sent[i]->state = CALL_IN_DOUBT;
		b.sent[i]->doubted = true;
	}
	buf_free(&b.text);
	free(b.together);
	free(b.sent);
	return done;
}
