#define _GNU_SOURCE
#include "metrics.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "route.h"
#include "util/buf.h"
#include "util/utime.h"

static const int64_t bucket_us[METRICS_BUCKETS] = { 500, 1000, 2000, 5000,
	10000, 20000, 50000, 100000, 200000, 500000, 1000000, 2000000, 5000000,
	10000000 };

struct metrics *
metrics_attach(int fd)
{
	struct metrics *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);

	return m != MAP_FAILED ? m : NULL;
}

struct metrics *
metrics_create(int *fd)
{
	struct metrics *m;

	*fd = memfd_create("florin-metrics", 0);
	if (*fd < 0 || ftruncate(*fd, sizeof(*m)) != 0)
		return NULL;
	m = metrics_attach(*fd);
	if (m != NULL)
		m->started_unix_us = time_unix_us();
	return m;
}

void
metrics_count(struct metrics_slot *slot, size_t route, int status,
    int64_t latency_us)
{
	size_t bucket = 0;

	while (bucket < METRICS_BUCKETS && latency_us > bucket_us[bucket])
		bucket++;
	slot->buckets[bucket]++;
	slot->latency_us += (uint64_t)latency_us;
	slot->requests++;
	slot->by_route[route][status / 100 - 1]++;
}

static void
head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP florin_%s %s\n# TYPE florin_%s %s\n", name,
	    help, name, type);
}

/* A counter of the slots, a sample for each child. */
static void
per_slot(const struct metrics *m, struct buf *out, const char *name,
    const char *type, const char *help, size_t offset)
{
	head(out, name, type, help);
	for (size_t i = 0; i < METRICS_SLOTS; i++) {
		const struct metrics_slot *s = &m->slots[i];

		if (s->pool[0] == '\0')
			continue;
		buf_printf(out, "florin_%s{pool=\"%s\",slot=\"%zu\"} %llu\n",
		    name, s->pool, i,
		    *(const unsigned long long *)((const char *)s + offset));
	}
}

static void
print_routes(const struct metrics *m, struct buf *out)
{
	head(out, "requests_total", "counter", "Answered requests.");
	for (size_t route = 0; route <= route_count(); route++)
		for (int class = 0; class < METRICS_CLASSES; class ++) {
			const struct route *row = NULL;
			unsigned long long sum = 0;

			for (size_t i = 0; i < METRICS_SLOTS; i++)
				sum += m->slots[i].by_route[route][class];
			if (sum == 0)
				continue;
			if (route < route_count())
				row = route_at(route);
			buf_printf(out,
			    "florin_requests_total{method=\"%s\","
			    "path=\"%s\",status=\"%dxx\"} %llu\n",
			    row ? row->method : "", row ? row->path : "",
			    class + 1, sum);
		}
}

static void
print_latency(const struct metrics *m, struct buf *out)
{
	unsigned long long count = 0, sum_us = 0;

	head(out, "request_duration_seconds", "histogram",
	    "From the whole request's arrival to its answer.");
	for (int b = 0; b <= METRICS_BUCKETS; b++) {
		for (size_t i = 0; i < METRICS_SLOTS; i++)
			count += m->slots[i].buckets[b];
		if (b < METRICS_BUCKETS)
			buf_printf(out,
			    "florin_request_duration_seconds_bucket"
			    "{le=\"%g\"} %llu\n",
			    (double)bucket_us[b] / 1e6, count);
	}
	for (size_t i = 0; i < METRICS_SLOTS; i++)
		sum_us += m->slots[i].latency_us;
	buf_printf(out,
	    "florin_request_duration_seconds_bucket{le=\"+Inf\"} %llu\n"
	    "florin_request_duration_seconds_sum %.6f\n"
	    "florin_request_duration_seconds_count %llu\n",
	    count, (double)sum_us / 1e6, count);
}

#define SLOT(name, type, member, help)     \
	per_slot(m, out, name, type, help, \
	    offsetof(struct metrics_slot, member))

static void
print_gauges(const struct metrics *m, struct buf *out)
{
	head(out, "database_up", "gauge", "1 while connected.");
	for (size_t i = 0; i < METRICS_SLOTS; i++)
		if (m->slots[i].pid != 0)
			buf_printf(out,
			    "florin_database_up{pool=\"%s\",slot=\"%zu\"}"
			    " %d\n",
			    m->slots[i].pool, i, m->slots[i].database_up);
	head(out, "worker_restarts_total", "counter",
	    "Children replaced after a failure.");
	buf_printf(out, "florin_worker_restarts_total %llu\n",
	    (unsigned long long)m->restarts);
	head(out, "start_time_seconds", "gauge",
	    "When the master started, unix time.");
	buf_printf(out, "florin_start_time_seconds %.3f\n",
	    (double)m->started_unix_us / 1e6);
}

void
metrics_add(uint64_t *counter, uint64_t n)
{
	__atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

static void
one(struct buf *out, const char *name, const char *type, const char *help,
    uint64_t value)
{
	head(out, name, type, help);
	buf_printf(out, "florin_%s %llu\n", name, (unsigned long long)value);
}

static void
per_job(const struct metrics_jobs *jobs, struct buf *out, const char *name,
    const char *help, size_t offset)
{
	head(out, name, "counter", help);
	for (size_t i = 0; i < METRICS_JOBS; i++) {
		const struct metrics_job *j = &jobs->rows[i];

		if (j->name[0] != '\0')
			buf_printf(out, "florin_%s{job=\"%s\"} %llu\n", name,
			    j->name,
			    *(const unsigned long long *)((const char *)j +
				offset));
	}
}

static void
print_jobs(const struct metrics_jobs *jobs, struct buf *out)
{
	one(out, "jobs_settled_total", "counter", "Wallets settled by jobs.",
	    jobs->settled);
	one(out, "jobs_settle_failures_total", "counter",
	    "Wallets that could not be settled.", jobs->settle_failures);
	one(out, "jobs_due_wallets", "gauge",
	    "Wallets that wait to be settled.", jobs->due_wallets);
	one(out, "jobs_overdue_seconds", "gauge",
	    "Since when the first of them waits.", jobs->overdue_seconds);
	per_job(jobs, out, "jobs_runs_total", "Runs of a job.",
	    offsetof(struct metrics_job, runs));
	per_job(jobs, out, "jobs_done_total", "What a job did.",
	    offsetof(struct metrics_job, done));
	per_job(jobs, out, "jobs_failures_total", "Runs that failed.",
	    offsetof(struct metrics_job, failures));
}

void
metrics_print(const struct metrics *m, struct buf *out)
{
	print_routes(m, out);
	print_latency(m, out);
	SLOT("worker_requests_total", "counter", requests,
	    "Requests of a child.");
	SLOT("batches_total", "counter", batches, "Batches of a child.");
	SLOT("slow_requests_total", "counter", slow,
	    "Requests over request_slowlog_timeout.");
	SLOT("replays_total", "counter", replays,
	    "Answers repeated for an idempotency key.");
	SLOT("refused_tokens_total", "counter", refused_tokens,
	    "Requests refused with 401.");
	SLOT("database_connects_total", "counter", database_connects,
	    "Connections made.");
	SLOT("database_reruns_total", "counter", database_reruns,
	    "Calls repeated because their outcome was in doubt.");
	SLOT("database_conflicts_total", "counter", database_conflicts,
	    "Calls rolled back by a conflict.");
	print_jobs(&m->jobs, out);
	print_gauges(m, out);
}

struct pool_status {
	unsigned long long accepted, slow;
	int total, active;
};

static struct pool_status
sum_pool(const struct metrics *m, const char *pool)
{
	struct pool_status sum = { 0 };

	for (size_t i = 0; i < METRICS_SLOTS; i++) {
		const struct metrics_slot *s = &m->slots[i];

		if (strcmp(s->pool, pool) != 0)
			continue;
		sum.accepted += s->requests;
		sum.slow += s->slow;
		if (s->pid == 0)
			continue;
		sum.total++;
		sum.active += s->busy_since_us != 0;
	}
	return sum;
}

/* php-fpm's keys in php-fpm's order, so that its exporters read them.  The
 * kernel does not tell the queue of a Unix socket: 0, as php-fpm has it. */
void
metrics_status(const struct metrics *m, const char *pool, bool json,
    struct buf *out)
{
	struct pool_status sum = sum_pool(m, pool);
	long long started = m->started_unix_us / 1000000;
	const struct {
		const char *key;
		unsigned long long value;
	} rows[] = {
		{ "start since",
		    (unsigned long long)(time_unix_us() / 1000000 - started) },
		{ "accepted conn", sum.accepted },
		{ "listen queue", 0 },
		{ "max listen queue", 0 },
		{ "listen queue len", 0 },
		{ "idle processes",
		    (unsigned long long)(sum.total - sum.active) },
		{ "active processes", (unsigned long long)sum.active },
		{ "total processes", (unsigned long long)sum.total },
		{ "max active processes", m->max_active },
		{ "max children reached", 0 },
		{ "slow requests", sum.slow },
	};
	char when[64];
	time_t seconds = (time_t)started;
	struct tm tm;

	strftime(when, sizeof(when), "%d/%b/%Y:%H:%M:%S +0000",
	    gmtime_r(&seconds, &tm));
	if (json)
		buf_printf(out,
		    "{\"pool\":\"%s\",\"process manager\":\"static\","
		    "\"start time\":%lld",
		    pool, started);
	else
		buf_printf(out,
		    "pool:                 %s\n"
		    "process manager:      static\n"
		    "start time:           %s\n",
		    pool, when);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (json)
			buf_printf(out, ",\"%s\":%llu", rows[i].key,
			    rows[i].value);
		else
			buf_printf(out, "%s:%*s%llu\n", rows[i].key,
			    (int)(21 - strlen(rows[i].key)), "", rows[i].value);
	}
	buf_adds(out, json ? "}" : "");
}
