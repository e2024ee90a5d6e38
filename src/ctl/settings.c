/*
 * florinctl settings: all of them, or a new value of one that may change only
 * while florind is stopped.
 */
#include "ctl/ctl.h"

#include <stdio.h>

static const char list_sql[] =
    "select name, value #>> '{}' as value, \"default\" #>> '{}' as default,"
    "	case when offline then 'yes' end as offline, doc"
    " from florin.settings order by name";

static const char set_sql[] = "select florin.set_offline($1, $2, '" CTL_CALLER
			      "', $3, $4)";

static int
list(struct ctl *ctl)
{
	PGresult *result;
	bool done;

	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	result = ctl_query(ctl, list_sql, 0, NULL);
	done = result != NULL && table_print(result);
	PQclear(result);
	return done ? CTL_DONE : CTL_FAILED;
}

static int
set(struct ctl *ctl, const char *name, const char *value, const char *reason)
{
	char agent[CTL_AGENT_SIZE];
	const char *values[] = { name, value, reason, agent };
	PGresult *result;

	if (!argument_reason(reason))
		return ctl_bad(ctl, "a reason has 1 to 500 characters", reason);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	ctl_agent(agent);
	result = ctl_query(ctl, set_sql, 4, values);
	if (result == NULL)
		return CTL_REFUSED;
	PQclear(result);
	printf("%s is %s\n", name, value);
	return CTL_DONE;
}

static int
settings_command(struct ctl *ctl, int argc, char **argv)
{
	if (argc == 1)
		return list(ctl);
	if (argc != 4)
		return ctl_usage(ctl);
	return set(ctl, argv[1], argv[2], argv[3]);
}

const struct command settings_commands[] = {
	{ "settings", settings_command, "\nNAME VALUE REASON",
	    "show all settings, or change an offline one (florind stopped)" },
	{ NULL, NULL, NULL, NULL },
};
