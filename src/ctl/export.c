/*
 * florinctl export, erase: what belongs to users goes out, or away.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *rows;
} tables[] = {
	{ "users",
	    "select user_id, email, display_name, created_at, balance, held,"
	    " level, frozen, plan, period, status, started_at, expires_at,"
	    " as_of from florin.user_membership_status order by user_id" },
	{ "ledger",
	    "select user_id, seq, kind, amount, balance_after, draws, reason,"
	    " reference_type, reference_id, actor, created_at, effective_at,"
	    " encode(prev_hash, 'hex') as prev_hash,"
	    " encode(hash, 'hex') as hash"
	    " from florin.credit_transactions order by user_id, seq" },
};

/* JSON has no control characters: with these two COPY changes nothing. */
#define AS_LINES "to stdout (format csv, quote e'\\x01', delimiter e'\\x02')"

static int
copy_out(struct ctl *ctl, const char *sql)
{
	PGresult *result = PQexec(ctl->db, sql);
	bool done = PQresultStatus(result) == PGRES_COPY_OUT;
	char *line;
	int len;

	if (!done)
		ctl_error("%s", PQresultErrorMessage(result));
	PQclear(result);
	while (done && (len = PQgetCopyData(ctl->db, &line, 0)) > 0) {
		done = fwrite(line, 1, (size_t)len, stdout) == (size_t)len;
		PQfreemem(line);
	}
	if (!done)
		return CTL_FAILED;
	while ((result = PQgetResult(ctl->db)) != NULL) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK) {
			ctl_error("%s", PQresultErrorMessage(result));
			done = false;
		}
		PQclear(result);
	}
	return done ? CTL_DONE : CTL_FAILED;
}

static int
export_command(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const char *rows = NULL;
	bool json = false;
	char sql[1024];
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'j')
			return ctl_usage(ctl);
		json = true;
	}
	for (size_t i = 0; argc - optind == 1 && i < 2; i++)
		if (strcmp(tables[i].name, argv[optind]) == 0)
			rows = tables[i].rows;
	if (rows == NULL)
		return ctl_usage(ctl);
	if (json)
		snprintf(sql, sizeof(sql),
		    "copy (select row_to_json(t) from (%s) t) " AS_LINES, rows);
	else
		snprintf(sql, sizeof(sql),
		    "copy (%s) to stdout (format csv, header)", rows);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	return copy_out(ctl, sql);
}

static int
erase(struct ctl *ctl, const char *user, bool forget_email)
{
	char agent[CTL_AGENT_SIZE];
	const char *values[] = { user, agent, forget_email ? "true" : "false" };
	PGresult *result;

	if (!argument_user_id(user))
		return ctl_bad(ctl, "not a user id", user);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	ctl_agent(agent);
	result = ctl_query(ctl,
	    "select florin.erase_user($1, '" CTL_CALLER "', $2, $3)", 3,
	    values);
	if (result == NULL)
		return CTL_REFUSED;
	PQclear(result);
	printf("erased %s\n", user);
	return CTL_DONE;
}

static int
erase_command(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "forget-email", no_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	bool forget_email = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'f')
			return ctl_usage(ctl);
		forget_email = true;
	}
	if (argc - optind != 1)
		return ctl_usage(ctl);
	return erase(ctl, argv[optind], forget_email);
}

const struct command export_commands[] = {
	{ "export", export_command, "users|ledger [--json]",
	    "print all users or the whole ledger as CSV or JSON lines" },
	{ "erase", erase_command, "USER [--forget-email]",
	    "forget what can name a person; the ledger stays and verifies" },
	{ NULL, NULL, NULL, NULL },
};
