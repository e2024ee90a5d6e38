#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "bootcheck.h"
#include "config.h"
#include "db.h"
#include "dispatch.h"
#include "intake.h"
#include "log.h"
#include "metrics.h"
#include "payment.h"
#include "reply.h"
#include "request.h"
#include "sandbox.h"
#include "util/buf.h"
#include "util/utime.h"

enum {
	BATCH_MAX = 16,
	IDLE_TICK_MS = 1000,
	DRAIN_TICK_MS = 20,
	ROUNDS_MAX = 3,
	DATABASE_MS_MAX = 12000, /* however long a request may take */
	DRAIN_LIMIT_US = 3000000
};

struct worker {
	const struct config *config;
	const struct pool_config *pool;
	struct dispatch dispatch;
	struct db *db;
	struct intake *intake;
	struct metrics *metrics;
	struct metrics_slot *slot;
	struct request requests[BATCH_MAX];
	size_t count; /* requests of the batch */
	struct call **calls;
	size_t calls_size;
	struct buf line;
	uint64_t served;
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

/* Signals arrive only while waiting: `waiting` is the mask to wait with. */
static void
set_signals(sigset_t *waiting)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction reopen = { .sa_handler = on_reopen };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGQUIT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigemptyset(waiting);
	sigaction(SIGQUIT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGUSR1, &reopen, NULL);
	signal(SIGINT, SIG_IGN); /* the master is told and tells us */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- one batch ---- */

static void
read_batch(struct worker *w, const int *fds, size_t n)
{
	w->count = 0;
	for (size_t i = 0; i < n; i++)
		if (request_read(&w->requests[w->count], fds[i]))
			w->count++;
}

static void
add_call(struct worker *w, size_t n, struct call *call)
{
	if (n == w->calls_size) {
		w->calls_size = w->calls_size * 2 + BATCH_MAX;
		w->calls = realloc(w->calls, w->calls_size * sizeof(*w->calls));
		if (w->calls == NULL)
			abort();
	}
	w->calls[n] = call;
}

/* What a batch may take: well below the time after which the master ends a
 * child that hangs. */
static int64_t
deadline_us(const struct worker *w)
{
	int64_t patience_ms = (int64_t)w->pool->request_timeout_ms * 2 / 5;

	if (patience_ms > DATABASE_MS_MAX)
		patience_ms = DATABASE_MS_MAX;
	return time_monotonic_us() + patience_ms * 1000;
}

static void
run_calls(struct worker *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++) {
		struct request *r = &w->requests[i];

		for (size_t k = 0; r->reply.status == 0 && k < r->calls_count;
		     k++)
			if (r->calls[k].attempts == 0)
				add_call(w, n++, &r->calls[k]);
	}
	if (n > 0)
		db_run(w->db, w->calls, n, deadline_us(w));
}

static bool
all_replied(const struct worker *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->requests[i].reply.status == 0)
			return false;
	return true;
}

/* Most requests make one round of calls; a handler that has not replied
 * after it has queued more. */
static void
run_rounds(struct worker *w)
{
	for (int round = 0; round < ROUNDS_MAX; round++) {
		run_calls(w);
		for (size_t i = 0; i < w->count; i++)
			dispatch_finish(&w->requests[i]);
		if (all_replied(w))
			return;
	}
	abort(); /* a handler that never replies */
}

/* Refused operations of admins leave a trace of their own, before the
 * refusal is told. */
static void
run_audits(struct worker *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++)
		if (dispatch_audit(&w->requests[i]))
			add_call(w, n++, &w->requests[i].audit);
	if (n > 0)
		db_run(w->db, w->calls, n, deadline_us(w));
	for (size_t i = 0; i < n; i++)
		if (w->calls[i]->state != CALL_ANSWERED)
			log_event(LOG_LEVEL_ERROR,
			    "a refusal was not recorded: SQLSTATE %s",
			    w->calls[i]->sqlstate);
}

static void
log_request(struct worker *w, const struct request *r, int64_t took_us)
{
	struct buf *line = &w->line;

	buf_reset(line);
	buf_printf(line, ",\"request_id\":\"%s\",\"method\":", r->id);
	buf_add_json(line, r->params.method);
	buf_adds(line, ",\"path\":");
	buf_add_json(line, r->path);
	buf_printf(line, ",\"status\":%d,\"ms\":%.3f,\"batch\":%zu",
	    r->reply.status, (double)took_us / 1000, w->count);
	if (r->reply.err != ERR_NONE)
		buf_printf(line, ",\"code\":\"%s\"",
		    error_row(r->reply.err)->code);
	if (r->auth_fault != NULL) {
		buf_adds(line, ",\"token\":");
		buf_add_json(line, r->auth_fault);
	}
	if (r->caller[0] != '\0') {
		buf_adds(line, ",\"caller\":");
		buf_add_json(line, r->caller);
	}
	if (r->user_id != NULL) {
		buf_adds(line, ",\"user_id\":");
		buf_add_json(line, r->user_id);
	}
	log_line(r->reply.status >= 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_NOTICE,
	    line->data);
}

static void
account(struct worker *w, const struct request *r)
{
	int64_t took_us = time_monotonic_us() - r->began_us;
	size_t route = r->route != NULL ? route_index(r->route) : route_count();

	metrics_count(w->slot, route, r->reply.status, took_us);
	if (took_us > (int64_t)w->pool->slow_ms * 1000)
		w->slot->slow++;
	if (r->reply.status == 401)
		w->slot->refused_tokens++;
	if (r->calls_count > 0 && r->calls[0].replayed)
		w->slot->replays++;
	log_request(w, r, took_us);
}

static void
answer_batch(struct worker *w)
{
	for (size_t i = 0; i < w->count; i++)
		request_send(&w->requests[i]);
	for (size_t i = 0; i < w->count; i++) {
		account(w, &w->requests[i]);
		request_end(&w->requests[i]);
	}
	w->served += w->count;
	log_flush();
}

static void
serve_batch(struct worker *w, const int *fds, size_t n)
{
	w->slot->busy_since_us = time_monotonic_us();
	w->slot->batches++;
	read_batch(w, fds, n);
	for (size_t i = 0; i < w->count; i++)
		dispatch_start(&w->dispatch, &w->requests[i]);
	run_rounds(w);
	run_audits(w);
	answer_batch(w);
	w->slot->busy_since_us = 0;
}

/* ---- the loop ---- */

static void
publish(struct worker *w)
{
	const struct db_stats *stats = db_stats(w->db);

	w->slot->database_up = db_connected(w->db);
	w->slot->database_connects = stats->connects;
	w->slot->database_reruns = stats->reruns;
	w->slot->database_conflicts = stats->conflicts;
}

static bool
is_done(const struct worker *w)
{
	return stopping ||
	    (w->pool->max_requests > 0 &&
		w->served >= (uint64_t)w->pool->max_requests);
}

static int
loop(struct worker *w, const sigset_t *waiting)
{
	int fds[BATCH_MAX];

	while (!is_done(w)) {
		size_t n = intake_wait(w->intake, fds,
		    (size_t)w->pool->batch_max, IDLE_TICK_MS, waiting);

		if (n > 0)
			serve_batch(w, fds, n);
		else
			db_run(w->db, NULL, 0, 0); /* keep the way open */
		publish(w);
		if (reopening) {
			reopening = 0;
			log_reopen();
		}
		if (bootcheck_mismatch() && w->slot->database_connects == 0)
			return EX_CONFIG;
	}
	return 0;
}

/* Requests that have begun to arrive are still served, if they hurry. */
static void
drain(struct worker *w, const sigset_t *waiting)
{
	int64_t end_us = time_monotonic_us() + DRAIN_LIMIT_US;
	int fds[BATCH_MAX];

	intake_close(w->intake);
	do {
		size_t n = intake_wait(w->intake, fds,
		    (size_t)w->pool->batch_max, DRAIN_TICK_MS, waiting);

		if (n > 0)
			serve_batch(w, fds, n);
	} while (intake_pending(w->intake) > 0 && time_monotonic_us() < end_us);
}

static size_t
total_children(const struct config *config)
{
	size_t n = 0;

	for (size_t i = 0; i < config->pools_count; i++)
		n += (size_t)config->pools[i].max_children;
	if (config->jobs.database[0] != '\0')
		n += (size_t)config->jobs.max_children;
	return n;
}

static void
enter_slot(struct worker *w)
{
	memset(&w->slot->busy_since_us, 0, sizeof(w->slot->busy_since_us));
	snprintf(w->slot->pool, sizeof(w->slot->pool), "%s", w->pool->name);
	w->slot->started_unix_us = time_unix_us();
	w->slot->pid = getpid();
}

int
worker_run(const struct config *config, const struct pool_config *pool,
    int listen_fd, struct metrics *metrics, size_t slot)
{
	static struct worker w;
	sigset_t waiting;
	const char *error = NULL;
	char name[64];
	int status;

	set_signals(&waiting);
	w.config = config;
	w.pool = pool;
	w.metrics = metrics;
	w.slot = &metrics->slots[slot];
	enter_slot(&w);
	route_serve(pool->name);
	w.dispatch = (struct dispatch){ .config = config,
		.metrics = metrics,
		.limits = &metrics->limits,
		.pool = pool,
		.auth = auth_new(config, &error),
		.payments = payments_new(config) };
	if (w.dispatch.auth == NULL) {
		log_event(LOG_LEVEL_ERROR, "keys: %s", error);
		return EX_CONFIG;
	}
	snprintf(name, sizeof(name), "florin %.32s/%zu", pool->name, slot);
	w.db = db_new(pool->database, name);
	bootcheck_connections((int)total_children(config));
	db_on_connect(w.db, bootcheck);
	request_init();
	w.intake = intake_new(listen_fd);
	db_run(w.db, NULL, 0, 0);
	if (strcmp(config->seccomp, "on") == 0 && !sandbox_enter())
		return EX_OSERR;
	status = loop(&w, &waiting);
	drain(&w, &waiting);
	w.slot->pid = 0;
	return status;
}
