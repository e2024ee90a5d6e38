/*
 * florinctl check: is the server set up, are the tables those of these files,
 * can the pools' roles do their work and nothing else?
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"

enum { OWN_CONNECTIONS = 3 }; /* florinctl, backups, a person */

/* A line for each thing that was looked at. */
struct report {
	struct ctl *ctl;
	bool bad, failed;
};

static void
tell(struct report *report, bool good, const char *what, const char *value)
{
	printf("%-4s %s: %s\n", good ? "ok" : "BAD", what, value);
	report->bad |= !good;
}

/* A server setting that must have this value. */
static void
check_setting(struct report *report, const char *name, const char *wanted)
{
	const char *values[] = { name };
	char *value = ctl_value(report->ctl, "select current_setting($1)", 1,
	    values);

	report->failed |= value == NULL;
	if (value != NULL)
		tell(report, strcmp(value, wanted) == 0, name, value);
	free(value);
}

/* Every row of the query is something bad. */
static void
check_rows(struct report *report, const char *what, const char *sql)
{
	PGresult *result = ctl_query(report->ctl, sql, 0, NULL);

	if (result == NULL) {
		report->failed = true;
		return;
	}
	for (int i = 0; i < PQntuples(result); i++)
		tell(report, false, what, PQgetvalue(result, i, 0));
	if (PQntuples(result) == 0)
		tell(report, true, what, "as it should be");
	PQclear(result);
}

static void
check_server(struct report *report)
{
	char *recovery = ctl_value(report->ctl, "select pg_is_in_recovery()", 0,
	    NULL);

	tell(report, PQserverVersion(report->ctl->db) >= 150000,
	    "server version",
	    PQparameterStatus(report->ctl->db, "server_version"));
	check_setting(report, "server_encoding", "UTF8");
	check_setting(report, "fsync", "on");
	check_setting(report, "full_page_writes", "on");
	check_setting(report, "synchronous_commit", "on");
	report->failed |= recovery == NULL;
	if (recovery != NULL)
		tell(report, strcmp(recovery, "f") == 0, "in recovery",
		    recovery);
	free(recovery);
}

/* One migration file against its row. */
static void
check_migration(struct report *report, const struct sql_file *file)
{
	const char *values[] = { file->name };
	char *checksum = ctl_value(report->ctl,
	    "select checksum from florin.migrations where name = $1", 1,
	    values);

	if (checksum == NULL)
		tell(report, false, file->name, "not applied");
	else if (strcmp(checksum, file->checksum) != 0)
		tell(report, false, file->name,
		    "the file was changed after it was applied");
	free(checksum);
}

static void
check_schema(struct report *report)
{
	struct sql_files files;
	char *applied = ctl_value(report->ctl,
	    "select count(*) from florin.migrations where number > 0", 0, NULL);
	char text[64];

	if (applied == NULL ||
	    !sql_files_read(&files, report->ctl->sql_dir, "migrate")) {
		free(applied);
		report->failed = true;
		return;
	}
	if (files.count == 0) {
		ctl_error("%s/migrate: no migrations there",
		    report->ctl->sql_dir);
		report->failed = true;
	}
	for (size_t i = 0; i < files.count; i++)
		check_migration(report, &files.rows[i]);
	snprintf(text, sizeof(text), "%s applied, %zu files", applied,
	    files.count);
	tell(report, strtoul(applied, NULL, 10) == files.count, "migrations",
	    text);
	sql_files_free(&files);
	free(applied);
}

/* Workers of all pools and a reserve must fit.  Without the configuration
 * (another host runs florind) there is nothing to compare. */
static void
check_connections(struct report *report)
{
	struct config *config;
	char *free_ones, text[128];
	int wanted = OWN_CONNECTIONS;

	if (access(report->ctl->config_path, R_OK) != 0)
		return;
	config = config_read(report->ctl->config_path, stderr);
	free_ones = ctl_value(report->ctl,
	    "select current_setting('max_connections')::integer"
	    " - current_setting('superuser_reserved_connections')::integer",
	    0, NULL);
	report->failed |= config == NULL || free_ones == NULL;
	for (size_t i = 0; config != NULL && i < config->pools_count; i++)
		wanted += config->pools[i].max_children;
	if (config != NULL && free_ones != NULL) {
		snprintf(text, sizeof(text), "%s allowed, %d wanted", free_ones,
		    wanted);
		tell(report, atoi(free_ones) >= wanted, "connections", text);
	}
	if (config != NULL)
		config_free(config);
	free(free_ones);
}

static int
check_command(struct ctl *ctl, int argc, char **argv)
{
	struct report report = { .ctl = ctl };

	(void)argv;
	if (argc != 1)
		return ctl_usage(ctl);
	if (!ctl_connect(ctl))
		return CTL_FAILED;
	check_server(&report);
	if (!ctl_become_owner(ctl))
		return CTL_FAILED;
	check_schema(&report);
	check_rows(&report, "rights beyond work",
	    "select role_name || ': ' || excess from florin.check_rights()");
	check_rows(&report, "rights to work",
	    "select role_name || ': ' || lack from florin.check_duties()");
	check_connections(&report);
	if (report.failed)
		return CTL_FAILED;
	return report.bad ? CTL_REFUSED : CTL_DONE;
}

const struct command check_commands[] = {
	{ "check", check_command, "",
	    "look at server, schema, rights and number of connections" },
	{ NULL, NULL, NULL, NULL },
};
