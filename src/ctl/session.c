/*
 * The connection to the database.
 */
#include "ctl/ctl.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errors.h"

static const char settings[] = "set client_min_messages = warning;"
			       "set timezone = 'UTC';"
			       "set datestyle = 'ISO';"
			       "set search_path = pg_catalog, pg_temp";

/* libpq's messages end with a newline, some hold more lines. */
static void
complain(const char *message)
{
	size_t len = strlen(message);

	while (len > 0 && message[len - 1] == '\n')
		len--;
	ctl_error("%.*s", (int)len, message);
}

bool
ctl_connect(struct ctl *ctl)
{
	const char *names[] = { "dbname", "fallback_application_name",
		"client_encoding", NULL };
	const char *values[] = { ctl->database, "florinctl", "UTF8", NULL };

	/* A connection string stands in the place of the name. */
	ctl->db = PQconnectdbParams(names, values, 1);
	if (PQstatus(ctl->db) != CONNECTION_OK) {
		complain(PQerrorMessage(ctl->db));
		return false;
	}
	return ctl_run(ctl, settings);
}

bool
ctl_connect_owner(struct ctl *ctl)
{
	return ctl_connect(ctl) && ctl_become_owner(ctl);
}

bool
ctl_become_owner(struct ctl *ctl)
{
	char *installed = ctl_value(ctl,
	    "select to_regclass('florin.installation')", 0, NULL);
	if (installed == NULL) {
		ctl_error("Florin is not installed in database \"%s\": run "
			  "florinctl migrate",
		    PQdb(ctl->db));
		return false;
	}
	free(installed);
	return ctl_run(ctl, "set role florin_owner");
}

/* "florinctl: user_not_found: There is no such user", then the details. */
static void
say_refusal(const char *code, const char *hint, const char *extras)
{
	enum err err = error_find(code);

	if (hint == NULL || hint[0] == '\0')
		hint = err == ERR_NONE ? "refused" : error_row(err)->title_en;
	ctl_error("%s: %s", code, hint);
	if (extras != NULL && strcmp(extras, "{}") != 0)
		ctl_error("%s", extras);
}

static void
complain_refusal(const PGresult *result)
{
	say_refusal(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
	    PQresultErrorField(result, PG_DIAG_MESSAGE_HINT),
	    PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
}

/* A refusal that was returned, not raised (florin.refusal): status 0, its
 * body code, explanation and members, a line each. */
static bool
is_returned_refusal(const PGresult *result)
{
	return strcmp(PQgetvalue(result, 0, PQfnumber(result, "status")),
		   "0") == 0;
}

static void
complain_returned(const PGresult *result)
{
	char *rest = PQgetvalue(result, 0, PQfnumber(result, "body"));
	const char *code = strsep(&rest, "\n");
	const char *hint = strsep(&rest, "\n");

	say_refusal(code, hint, rest);
}

static bool
is_refusal(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && strncmp(state, "FL", 2) == 0;
}

static bool
succeeded(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

PGresult *
ctl_query(struct ctl *ctl, const char *sql, int count,
    const char *const *values)
{
	PGresult *result = PQexecParams(ctl->db, sql, count, NULL, values, NULL,
	    NULL, 0);

	if (succeeded(result))
		return result;
	if (is_refusal(result))
		complain_refusal(result);
	else
		complain(PQerrorMessage(ctl->db));
	PQclear(result);
	return NULL;
}

bool
ctl_run(struct ctl *ctl, const char *sql)
{
	PGresult *result = PQexec(ctl->db, sql);
	bool done = succeeded(result);

	if (!done)
		complain(PQerrorMessage(ctl->db));
	PQclear(result);
	return done;
}

char *
ctl_value(struct ctl *ctl, const char *sql, int count,
    const char *const *values)
{
	PGresult *result = ctl_query(ctl, sql, count, values);
	char *value = NULL;

	if (result == NULL)
		return NULL;
	if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
		value = strdup(PQgetvalue(result, 0, 0));
	PQclear(result);
	return value;
}

int
ctl_call(struct ctl *ctl, const char *sql, int count, const char *const *values,
    char **body)
{
	PGresult *result = PQexecParams(ctl->db, sql, count, NULL, values, NULL,
	    NULL, 0);
	int status = CTL_FAILED;

	*body = NULL;
	if (succeeded(result) && is_returned_refusal(result)) {
		complain_returned(result);
		status = CTL_REFUSED;
	} else if (succeeded(result)) {
		*body = strdup(
		    PQgetvalue(result, 0, PQfnumber(result, "body")));
		status = CTL_DONE;
	} else if (is_refusal(result)) {
		complain_refusal(result);
		status = CTL_REFUSED;
	} else {
		complain(PQerrorMessage(ctl->db));
	}
	PQclear(result);
	return status;
}

void
ctl_agent(char out[CTL_AGENT_SIZE])
{
	const struct passwd *login = getpwuid(getuid());

	snprintf(out, CTL_AGENT_SIZE, "florinctl/" PACKAGE_VERSION " (%s)",
	    login == NULL ? "?" : login->pw_name);
}
