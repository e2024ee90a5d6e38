#define _GNU_SOURCE
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "auth.h"
#include "config.h"
#include "jobs.h"
#include "log.h"
#include "metrics.h"
#include "notify.h"
#include "sockets.h"
#include "util/utime.h"

enum {
	TICK_MS = 100,
	BACKOFF_MIN_US = 100000,
	BACKOFF_MAX_US = 5000000,
	STABLE_US = 2000000 /* a child that lived so long failed by chance */
};

/* The child of one slot of the metrics. */
struct child {
	pid_t pid; /* 0: none */
	size_t pool;
	int64_t started_us, restart_at_us, backoff_us;
};

struct supervisor {
	struct config *config;
	const char *program;
	struct metrics *metrics;
	int metrics_fd;
	int listen_fds[POOLS_MAX];
	struct child children[METRICS_SLOTS];
	size_t count;
	bool stopping;
	int64_t stop_by_us;
	int status;
	int64_t notified_us;
};

/* ---- children ---- */

/* Put fd at `to` in the child, to stay over exec. */
static void
give_fd(int fd, int to)
{
	if (fd == to)
		fcntl(fd, F_SETFD, 0);
	else if (dup2(fd, to) < 0)
		_exit(EX_OSERR);
}

/* Children of the jobs role stand behind the pools. */
static bool
is_job(const struct supervisor *s, const struct child *c)
{
	return c->pool == s->config->pools_count;
}

static const char *
name_of(const struct supervisor *s, const struct child *c)
{
	return is_job(s, c) ? JOBS_NAME : s->config->pools[c->pool].name;
}

static int
busy_ms_max(const struct supervisor *s, const struct child *c)
{
	return is_job(s, c) ? JOBS_BUSY_MS_MAX
			    : s->config->pools[c->pool].request_timeout_ms;
}

static void
become_child(const struct supervisor *s, size_t slot, pid_t master)
{
	const struct child *c = &s->children[slot];
	int listen_fd, metrics_fd;
	sigset_t none;
	char number[16];

	/* The children end with their master: the next one starts its own. */
	prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (getppid() != master)
		_exit(0);
	metrics_fd = fcntl(s->metrics_fd, F_DUPFD, 10);
	if (is_job(s, c)) {
		close(CHILD_LISTEN_FD);
	} else {
		listen_fd = fcntl(s->listen_fds[c->pool], F_DUPFD, 10);
		give_fd(listen_fd, CHILD_LISTEN_FD);
	}
	give_fd(metrics_fd, CHILD_METRICS_FD);
	close_range(CHILD_METRICS_FD + 1, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	snprintf(number, sizeof(number), "%zu", slot);
	execl(s->program, "florind", "-c", s->config->path, "--role",
	    is_job(s, c) ? JOBS_NAME : "worker", "--pool", name_of(s, c),
	    "--slot", number, (char *)NULL);
	_exit(EX_OSERR);
}

static void
start_child(struct supervisor *s, size_t slot)
{
	struct child *c = &s->children[slot];
	pid_t master = getpid();
	pid_t pid = fork();

	if (pid == 0)
		become_child(s, slot, master);
	if (pid < 0) {
		log_event(LOG_LEVEL_ERROR, "fork: %s", strerror(errno));
		c->restart_at_us = time_monotonic_us() + BACKOFF_MAX_US;
		return;
	}
	c->pid = pid;
	c->started_us = time_monotonic_us();
}

static void
signal_children(const struct supervisor *s, int signal)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->children[i].pid > 0)
			kill(s->children[i].pid, signal);
}

static bool
any_child(const struct supervisor *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->children[i].pid > 0)
			return true;
	return false;
}

static void
begin_stop(struct supervisor *s, int signal, int status)
{
	if (!s->stopping)
		notify_state("STOPPING=1");
	s->stopping = true;
	s->status = status;
	s->stop_by_us = time_monotonic_us() +
	    (int64_t)s->config->process_control_timeout_ms * 1000;
	signal_children(s, signal);
}

/* When a slot's next child may start: at once, unless children keep dying. */
static void
plan_restart(struct child *c)
{
	int64_t now_us = time_monotonic_us();

	if (now_us - c->started_us > STABLE_US)
		c->backoff_us = 0;
	c->restart_at_us = now_us + c->backoff_us;
	c->backoff_us = c->backoff_us == 0 ? BACKOFF_MIN_US : c->backoff_us * 2;
	if (c->backoff_us > BACKOFF_MAX_US)
		c->backoff_us = BACKOFF_MAX_US;
}

/* Is there a child that has served for a while?  Then the set-up was right
 * when it started, and those who serve must not go for a file that somebody is
 * just writing. */
static bool
any_settled(const struct supervisor *s)
{
	int64_t now_us = time_monotonic_us();

	for (size_t i = 0; i < s->count; i++)
		if (s->children[i].pid > 0 &&
		    now_us - s->children[i].started_us > STABLE_US)
			return true;
	return false;
}

static void
child_ended(struct supervisor *s, size_t slot, int status)
{
	struct child *c = &s->children[slot];
	bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	s->metrics->slots[slot].pid = 0;
	s->metrics->slots[slot].busy_since_us = 0;
	c->pid = 0;
	if (!fine && !s->stopping) {
		s->metrics->restarts++;
		log_event(LOG_LEVEL_WARNING, "child %s/%zu ended: %s %d",
		    name_of(s, c), slot,
		    WIFSIGNALED(status) ? "signal" : "status",
		    WIFSIGNALED(status) ? WTERMSIG(status)
					: WEXITSTATUS(status));
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG &&
	    !s->stopping && !any_settled(s)) {
		log_event(LOG_LEVEL_ERROR, "stopping: the set-up is wrong");
		begin_stop(s, SIGQUIT, EX_CONFIG);
	}
	plan_restart(c);
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < s->count; i++)
			if (s->children[i].pid == pid)
				child_ended(s, i, status);
}

static void
start_due(struct supervisor *s)
{
	int64_t now_us = time_monotonic_us();

	for (size_t i = 0; i < s->count; i++)
		if (s->children[i].pid == 0 &&
		    s->children[i].restart_at_us <= now_us)
			start_child(s, i);
}

/* A child that hangs in one batch is ended: what it did is in doubt to its
 * callers, as after a crash, and nobody else waits for it. */
static void
end_hanging(struct supervisor *s)
{
	int64_t now_us = time_monotonic_us();
	uint64_t active = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct child *c = &s->children[i];
		int64_t since_us = s->metrics->slots[i].busy_since_us;
		int limit_ms = busy_ms_max(s, c);

		if (c->pid == 0 || since_us == 0)
			continue;
		active++;
		if (now_us - since_us <= (int64_t)limit_ms * 1000)
			continue;
		log_event(LOG_LEVEL_ERROR, "child %s/%zu hangs: killed",
		    name_of(s, c), i);
		kill(c->pid, SIGKILL);
	}
	if (active > s->metrics->max_active)
		s->metrics->max_active = active;
}

/* ---- signals ---- */

/* Children read the file themselves; a bad one must not take them away. */
static void
reload(struct supervisor *s)
{
	struct config *config = config_read(s->config->path, stderr);
	const char *error = NULL;
	struct auth *auth = config != NULL ? auth_new(config, &error) : NULL;

	if (auth == NULL) {
		log_event(LOG_LEVEL_ERROR, "not reloaded: %s",
		    error != NULL ? error : "the settings are wrong");
		config_free(config);
		return;
	}
	auth_free(auth);
	config_free(config);
	notify_state("RELOADING=1");
	log_event(LOG_LEVEL_NOTICE, "reloading");
	for (size_t i = 0; i < s->count; i++)
		s->children[i].backoff_us = 0;
	signal_children(s, SIGQUIT);
	notify_state("READY=1");
}

static void
on_signal(struct supervisor *s, int signal)
{
	switch (signal) {
	case SIGCHLD:
		break;
	case SIGHUP:
		reload(s);
		break;
	case SIGUSR1:
		log_reopen();
		signal_children(s, SIGUSR1);
		break;
	case SIGQUIT:
		log_event(LOG_LEVEL_NOTICE, "draining");
		begin_stop(s, SIGQUIT, 0);
		break;
	default:
		log_event(LOG_LEVEL_NOTICE, "stopping");
		begin_stop(s, SIGTERM, 0);
		break;
	}
}

static void
block_signals(sigset_t *set)
{
	static const int signals[] = { SIGCHLD, SIGHUP, SIGUSR1, SIGQUIT,
		SIGTERM, SIGINT };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(set, signals[i]);
	sigprocmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void
tick(struct supervisor *s)
{
	reap(s);
	if (!s->stopping) {
		start_due(s);
		end_hanging(s);
		notify_alive();
	} else if (time_monotonic_us() > s->stop_by_us) {
		signal_children(s, SIGKILL);
	}
}

static int
loop(struct supervisor *s, const sigset_t *signals)
{
	const struct timespec pause = { 0, TICK_MS * 1000000L };

	while (!s->stopping || any_child(s)) {
		int signal = sigtimedwait(signals, NULL, &pause);

		if (signal > 0)
			on_signal(s, signal);
		tick(s);
	}
	return s->status;
}

/* ---- start and end ---- */

static bool
add_children(struct supervisor *s, size_t pool, int children)
{
	for (int i = 0; i < children; i++) {
		if (s->count == METRICS_SLOTS)
			return false;
		s->children[s->count++].pool = pool;
	}
	return true;
}

static bool
plan_children(struct supervisor *s)
{
	const struct config *config = s->config;
	bool any_jobs = config->jobs.database[0] != '\0';

	for (size_t p = 0; p < config->pools_count; p++)
		if (!add_children(s, p, config->pools[p].max_children))
			return false;
	return add_children(s, config->pools_count,
	    any_jobs ? config->jobs.max_children : 0);
}

static void
write_pid(const struct config *config)
{
	FILE *file;

	if (config->pid_file[0] == '\0')
		return;
	file = fopen(config->pid_file, "w");
	if (file == NULL || fprintf(file, "%d\n", (int)getpid()) < 0)
		log_event(LOG_LEVEL_ERROR, "%s: %s", config->pid_file,
		    strerror(errno));
	if (file != NULL)
		fclose(file);
}

int
supervisor_run(struct config *config, const char *program)
{
	static struct supervisor s;
	sigset_t signals;
	int status;

	s.config = config;
	s.program = program;
	block_signals(&signals);
	if (!sockets_open(config, s.listen_fds))
		return EX_CANTCREAT;
	s.metrics = metrics_create(&s.metrics_fd);
	if (s.metrics == NULL || !plan_children(&s)) {
		log_event(LOG_LEVEL_ERROR, "cannot plan the children");
		return EX_OSERR;
	}
	write_pid(config);
	log_event(LOG_LEVEL_NOTICE, "started with %zu children", s.count);
	start_due(&s);
	notify_state("READY=1");
	status = loop(&s, &signals);
	sockets_close(config);
	if (config->pid_file[0] != '\0')
		unlink(config->pid_file);
	log_event(LOG_LEVEL_NOTICE, "stopped");
	return status;
}
