/*
 * florind: the program.  One binary, several roles: without --role it is the
 * master, which starts the others.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "auth.h"
#include "config.h"
#include "jobs.h"
#include "log.h"
#include "metrics.h"
#include "openapi.h"
#include "route.h"
#include "supervisor.h"
#include "util/buf.h"
#include "worker.h"

struct options {
	const char *config_path;
	const char *role, *pool;
	size_t slot;
	bool test, dump, routes, openapi, version, help;
};

static const char usage[] =
    "usage: florind [-c FILE] [-t | --dump-config | --routes |\n"
    "                --openapi | --version]\n"
    "  -c FILE        settings (default " FLORIN_SYSCONFDIR "/florin.conf)\n"
    "  -t             test the settings and the keys, then exit\n"
    "  --dump-config  print the settings in force\n"
    "  --routes       print the routing table\n"
    "  --openapi      print the OpenAPI document\n";

static int
read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "test", no_argument, NULL, 't' },
		{ "dump-config", no_argument, NULL, 'd' },
		{ "routes", no_argument, NULL, 'r' },
		{ "openapi", no_argument, NULL, 'O' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ "role", required_argument, NULL, 'R' },
		{ "pool", required_argument, NULL, 'P' },
		{ "slot", required_argument, NULL, 'S' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:thV", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config_path = optarg;
			break;
		case 'R':
			o->role = optarg;
			break;
		case 'P':
			o->pool = optarg;
			break;
		case 'S':
			o->slot = strtoul(optarg, NULL, 10);
			break;
		case 't':
			o->test = true;
			break;
		case 'd':
			o->dump = true;
			break;
		case 'r':
			o->routes = true;
			break;
		case 'O':
			o->openapi = true;
			break;
		case 'V':
			o->version = true;
			break;
		case 'h':
			o->help = true;
			break;
		default:
			return EX_USAGE;
		}
	}
	return optind == argc ? 0 : EX_USAGE;
}

static int
print_routes(void)
{
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);

		if (r->flags & ROUTE_INTERNAL)
			continue;
		printf("%s\t%s\t%s\t%s\n", r->method, r->path,
		    r->function != NULL ? r->function : "-",
		    r->errors != NULL ? r->errors : "");
	}
	return 0;
}

static int
print_openapi(void)
{
	struct buf text = { 0 };

	openapi_print(&text);
	puts(text.data);
	buf_free(&text);
	return 0;
}

static int
test_config(const struct config *config)
{
	const char *error = NULL;
	struct auth *auth = auth_new(config, &error);

	if (auth == NULL) {
		fprintf(stderr, "%s: %s\n", config->path, error);
		return EX_CONFIG;
	}
	auth_free(auth);
	fprintf(stderr, "%s: fine\n", config->path);
	return 0;
}

static const struct pool_config *
find_pool(const struct config *config, const char *name)
{
	for (size_t i = 0; name != NULL && i < config->pools_count; i++)
		if (strcmp(config->pools[i].name, name) == 0)
			return &config->pools[i];
	return NULL;
}

static int
run_role(const struct config *config, const struct options *o)
{
	const struct pool_config *pool = find_pool(config, o->pool);
	struct metrics *metrics = metrics_attach(CHILD_METRICS_FD);
	bool is_job = strcmp(o->role, JOBS_NAME) == 0;
	const char *name = pool != NULL ? pool->name : JOBS_NAME;
	char process[64];

	if (is_job == (pool != NULL) ||
	    (!is_job && strcmp(o->role, "worker") != 0) || metrics == NULL ||
	    o->slot >= METRICS_SLOTS) {
		fprintf(stderr, "florind: roles are started by the master\n");
		return EX_USAGE;
	}
	snprintf(process, sizeof(process), "%.32s/%zu", name, o->slot);
	log_open(config->error_log, config->log_level, process);
	srandom((unsigned)(time(NULL) ^ getpid()));
	if (pool == NULL)
		return jobs_run(config, metrics, o->slot);
	return worker_run(config, pool, CHILD_LISTEN_FD, metrics, o->slot);
}

int
main(int argc, char **argv)
{
	struct options o = { .config_path = FLORIN_SYSCONFDIR "/florin.conf" };
	struct config *config;
	int status = read_options(argc, argv, &o);

	if (status != 0 || o.help) {
		fputs(usage, status != 0 ? stderr : stdout);
		return status;
	}
	if (o.version)
		return printf("florind %s\n", PACKAGE_VERSION) < 0;
	if (o.routes)
		return print_routes();
	if (o.openapi)
		return print_openapi();
	config = config_read(o.config_path, stderr);
	if (config == NULL)
		return EX_CONFIG;
	if (o.dump)
		return config_print(config, stdout), 0;
	if (o.test)
		return test_config(config);
	if (o.role != NULL)
		return run_role(config, &o);
	if (!log_open(config->error_log, config->log_level, "master")) {
		fprintf(stderr, "cannot open %s\n", config->error_log);
		return EX_CANTCREAT;
	}
	return supervisor_run(config, "/proc/self/exe");
}
