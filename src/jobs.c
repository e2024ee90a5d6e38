#include "jobs.h"

#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "metrics.h"
#include "sandbox.h"
#include "util/utime.h"

enum {
	PAGE = 64,           /* wallets settled in one pipeline */
	WINDOW_US = 1000000, /* in which a request counts as "now" */
	BACKLOG_US = 10000000,
	REST_MAX_US = 500000, /* though the process itself was stopped */
	RETRY_MIN_US = 100000,
	RETRY_MAX_US = 5000000
};

/* Functions of florin_jobs that take (caller, "limit") and answer with an
 * object of one number: how much they did.  One that did all that it was
 * allowed has more to do and runs again at once. */
static const struct job {
	const char *name;
	int64_t interval_us;
	int limit;
} jobs[] = {
	{ "expire_orders", 10000000, 1000 },
	{ "forget_answers", 60000000, 1000 },
	{ "forget_logs", 60000000, 1000 },
};
enum { JOBS = sizeof(jobs) / sizeof(jobs[0]) };

struct runner {
	const struct config *config;
	struct metrics *metrics;
	struct metrics_slot *slot;
	bool first;
	PGconn *conn; /* NULL while disconnected */
	int64_t retry_at_us, retry_wait_us;
	int64_t next_us[JOBS], backlog_at_us;
	unsigned skip; /* wallets of this round that could not be settled */
	uint64_t requests_seen;
	int64_t busy_until_us; /* requests were served just now */
};

static volatile sig_atomic_t stopping, reopening;

static void
on_stop(int unused)
{
	(void)unused;
	stopping = 1;
}

static void
on_reopen(int unused)
{
	(void)unused;
	reopening = 1;
}

static void
set_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction reopen = { .sa_handler = on_reopen };

	sigaction(SIGQUIT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGUSR1, &reopen, NULL);
	signal(SIGINT, SIG_IGN); /* the master is told and tells us */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- the connection ---- */

static void
disconnect(struct runner *r)
{
	PQfinish(r->conn);
	r->conn = NULL;
	r->slot->database_up = false;
}

static bool
run(struct runner *r, const char *sql)
{
	PGresult *result = PQexec(r->conn, sql);
	ExecStatusType status = PQresultStatus(result);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!ok)
		log_event(LOG_LEVEL_ERROR, "jobs: %s", PQerrorMessage(r->conn));
	PQclear(result);
	return ok;
}

static bool
prepare(struct runner *r, const char *name, const char *sql)
{
	PGresult *result = PQprepare(r->conn, name, sql, 0, NULL);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

	if (!ok)
		log_event(LOG_LEVEL_ERROR, "jobs: %s: %s", name,
		    PQerrorMessage(r->conn));
	PQclear(result);
	return ok;
}

/* What the jobs do is done again after a crash: no commit waits for the
 * disk.  (A request that sees it waits at its own barrier.) */
static bool
make_ready(struct runner *r)
{
	bool ok = run(r, "set synchronous_commit = off") &&
	    prepare(r, "due",
		"select * from florin_jobs.due_wallets($1, $2)") &&
	    prepare(r, "settle", "select florin_jobs.settle_wallet($1)") &&
	    prepare(r, "backlog",
		"select wallets, overdue_seconds"
		" from florin_jobs.get_backlog()");

	for (size_t i = 0; i < JOBS && ok; i++) {
		char sql[128];

		snprintf(sql, sizeof(sql),
		    "select body from florin_jobs.%s('system', $1)",
		    jobs[i].name);
		ok = prepare(r, jobs[i].name, sql);
	}
	return ok;
}

static void
plan_retry(struct runner *r)
{
	if (r->retry_wait_us == 0)
		r->retry_wait_us = RETRY_MIN_US;
	else if (r->retry_wait_us < RETRY_MAX_US)
		r->retry_wait_us *= 2;
	r->retry_at_us = time_monotonic_us() + r->retry_wait_us / 2 +
	    random() % r->retry_wait_us;
}

/* True when connected. */
static bool
connect_if_due(struct runner *r)
{
	char name[64];
	const char *keys[] = { "dbname", "fallback_application_name",
		"connect_timeout", NULL };
	const char *values[] = { r->config->jobs.database, name, "5", NULL };

	if (r->conn != NULL && PQstatus(r->conn) == CONNECTION_OK)
		return true;
	disconnect(r);
	if (time_monotonic_us() < r->retry_at_us)
		return false;
	snprintf(name, sizeof(name), "florin jobs/%d", (int)getpid());
	r->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(r->conn) == CONNECTION_OK && make_ready(r)) {
		r->retry_wait_us = 0;
		r->slot->database_up = true;
		r->slot->database_connects++;
		return true;
	}
	log_event(LOG_LEVEL_WARNING, "jobs: no database: %s",
	    PQerrorMessage(r->conn));
	disconnect(r);
	plan_retry(r);
	return false;
}

/* ---- settling ---- */

static PGresult *
ask(struct runner *r, const char *statement, int n, const char *const *values)
{
	PGresult *result = PQexecPrepared(r->conn, statement, n, values, NULL,
	    NULL, 0);

	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	log_event(LOG_LEVEL_ERROR, "jobs: %s: %s", statement,
	    PQresultErrorMessage(result));
	PQclear(result);
	return NULL;
}

/* One wallet's result: settled, left to somebody else, or failed. */
static void
take_settled(struct runner *r, const char *user, PGresult *result)
{
	struct metrics_jobs *m = &r->metrics->jobs;

	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		log_event(LOG_LEVEL_ERROR, "jobs: cannot settle %s: %s", user,
		    PQresultErrorMessage(result));
		metrics_add(&m->settle_failures, 1);
		r->skip++;
	} else if (PQgetvalue(result, 0, 0)[0] == 't') {
		metrics_add(&m->settled, 1);
	}
}

/* Read the results of a pipeline up to its last Sync; false if the
 * connection was lost. */
static bool
take_page(struct runner *r, PGresult *page)
{
	for (int i = 0; i < PQntuples(page);) {
		PGresult *result = PQgetResult(r->conn);

		if (result == NULL && PQstatus(r->conn) != CONNECTION_OK)
			return false;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
			i++;
		else if (result != NULL)
			take_settled(r, PQgetvalue(page, i, 0), result);
		PQclear(result);
	}
	return true;
}

/* Each wallet is a statement and a transaction of its own. */
static bool
settle_page(struct runner *r, PGresult *page)
{
	bool ok = PQenterPipelineMode(r->conn);

	for (int i = 0; ok && i < PQntuples(page); i++) {
		const char *user = PQgetvalue(page, i, 0);

		ok = PQsendQueryPrepared(r->conn, "settle", 1, &user, NULL,
			 NULL, 0) &&
		    PQpipelineSync(r->conn);
	}
	ok = ok && take_page(r, page);
	if (ok && PQexitPipelineMode(r->conn))
		return true;
	log_event(LOG_LEVEL_WARNING, "jobs: database lost: %s",
	    PQerrorMessage(r->conn));
	disconnect(r);
	return false;
}

/* Have this host's workers served anything within the last second? */
static bool
is_busy(struct runner *r)
{
	uint64_t requests = 0;

	for (size_t i = 0; i < METRICS_SLOTS; i++)
		requests += r->metrics->slots[i].requests;
	if (requests != r->requests_seen)
		r->busy_until_us = time_monotonic_us() + WINDOW_US;
	r->requests_seen = requests;
	return time_monotonic_us() < r->busy_until_us;
}

static void
sleep_us(int64_t us)
{
	if (us > 0 && !stopping)
		poll(NULL, 0, (int)(us / 1000));
}

/* While requests are served, a process works `share` percent of the time. */
static void
rest(struct runner *r, int64_t began_us)
{
	int share = r->config->jobs.share;
	int64_t us = (time_monotonic_us() - began_us) * (100 - share) / share;

	if (is_busy(r))
		sleep_us(us < REST_MAX_US ? us : REST_MAX_US);
}

/* Settle a page of those that are due; false if there were none. */
static bool
settle_some(struct runner *r)
{
	char limit[16], skip[16];
	const char *values[] = { limit, skip };
	int64_t began_us = time_monotonic_us();
	PGresult *page;
	bool any;

	snprintf(limit, sizeof(limit), "%d", PAGE);
	snprintf(skip, sizeof(skip), "%u", r->skip);
	page = ask(r, "due", 2, values);
	any = page != NULL && PQntuples(page) > 0;
	if (any)
		settle_page(r, page);
	else
		r->skip = 0;
	PQclear(page);
	if (any)
		rest(r, began_us);
	return any;
}

/* ---- the other jobs ---- */

/* The number in {"name": 12}. */
static long long
number_in(const char *body)
{
	const char *colon = strchr(body, ':');

	return colon != NULL ? strtoll(colon + 1, NULL, 10) : 0;
}

static void
run_job(struct runner *r, size_t i)
{
	struct metrics_job *m = &r->metrics->jobs.rows[i];
	char limit[16];
	const char *value = limit;
	PGresult *result;
	long long done;

	snprintf(m->name, sizeof(m->name), "%s", jobs[i].name);
	snprintf(limit, sizeof(limit), "%d", jobs[i].limit);
	result = ask(r, jobs[i].name, 1, &value);
	metrics_add(&m->runs, 1);
	r->next_us[i] = time_monotonic_us() + jobs[i].interval_us;
	if (result == NULL) {
		metrics_add(&m->failures, 1);
		return;
	}
	done = number_in(PQgetvalue(result, 0, 0));
	metrics_add(&m->done, (uint64_t)done);
	if (done >= jobs[i].limit)
		r->next_us[i] = 0;
	PQclear(result);
}

static void
run_due_jobs(struct runner *r)
{
	_Static_assert((int)JOBS <= (int)METRICS_JOBS,
	    "each job has its counters");
	for (size_t i = 0; i < JOBS && !stopping && r->conn != NULL; i++)
		if (r->next_us[i] <= time_monotonic_us())
			run_job(r, i);
}

/* How much waits, for /metrics. */
static void
look_at_backlog(struct runner *r)
{
	struct metrics_jobs *m = &r->metrics->jobs;
	PGresult *result;

	if (r->conn == NULL || time_monotonic_us() < r->backlog_at_us)
		return;
	r->backlog_at_us = time_monotonic_us() + BACKLOG_US;
	result = ask(r, "backlog", 0, NULL);
	if (result == NULL)
		return;
	m->due_wallets = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	m->overdue_seconds = strtoull(PQgetvalue(result, 0, 1), NULL, 10);
	PQclear(result);
}

/* ---- the loop ---- */

static void
step(struct runner *r)
{
	bool any;

	if (!connect_if_due(r)) {
		sleep_us(RETRY_MIN_US);
		return;
	}
	r->slot->busy_since_us = time_monotonic_us();
	any = settle_some(r);
	r->slot->busy_since_us = time_monotonic_us();
	if (r->first) {
		run_due_jobs(r);
		look_at_backlog(r);
	}
	r->slot->busy_since_us = 0;
	if (!any)
		sleep_us((int64_t)r->config->jobs.interval_ms * 1000);
}

/* Its slots stand behind those of the pools. */
static bool
is_first(const struct config *config, size_t slot)
{
	size_t pools = 0;

	for (size_t i = 0; i < config->pools_count; i++)
		pools += (size_t)config->pools[i].max_children;
	return slot == pools;
}

int
jobs_run(const struct config *config, struct metrics *metrics, size_t slot)
{
	static struct runner r;

	set_signals();
	r.config = config;
	r.metrics = metrics;
	r.slot = &metrics->slots[slot];
	r.first = is_first(config, slot);
	r.slot->busy_since_us = 0;
	snprintf(r.slot->pool, sizeof(r.slot->pool), "%s", JOBS_NAME);
	r.slot->started_unix_us = time_unix_us();
	r.slot->pid = getpid();
	connect_if_due(&r);
	if (strcmp(config->seccomp, "on") == 0 && !sandbox_enter())
		return EX_OSERR;
	while (!stopping) {
		step(&r);
		log_flush();
		if (reopening) {
			reopening = 0;
			log_reopen();
		}
	}
	disconnect(&r);
	r.slot->pid = 0;
	return 0;
}
