/*
 * florinctl payments: what payment providers told us, and applying one of
 * these notices again (its signature was checked when it was recorded).
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char list_sql[] =
    "select received_at, provider, event_id, event_type, outcome, attempts,"
    "	owner as user_id, facts ->> 'order_id' as order_id"
    " from florin.payment_notices"
    " where ($1::text is null or outcome = $1)"
    " order by received_at desc, event_id limit $2";

static const char provider_sql[] =
    "select provider from florin.payment_notices"
    " where event_id = $1 and ($2::text is null or provider = $2)";

static const char replay_sql[] =
    "select * from florin_api.apply_notice('" CTL_CALLER "', $1, $2)";

static int
list(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "outcome", required_argument, NULL, 'o' },
		{ "limit", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	const char *values[] = { NULL, "20" };
	PGresult *result;
	int64_t limit;
	bool done;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (c == 'o')
			values[0] = optarg;
		else if (c == 'l' &&
		    argument_integer(optarg, 1, 1000000, &limit))
			values[1] = optarg;
		else
			return ctl_usage(ctl);
	if (optind != argc)
		return ctl_usage(ctl);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	result = ctl_query(ctl, list_sql, 2, values);
	done = result != NULL && table_print(result);
	PQclear(result);
	return done ? CTL_DONE : CTL_FAILED;
}

/* Whose event it is, if only one provider has an event with this id. */
static int
find_provider(struct ctl *ctl, const char *event, const char *asked,
    char **provider)
{
	const char *values[] = { event, asked };
	PGresult *result = ctl_query(ctl, provider_sql, 2, values);
	int count = result != NULL ? PQntuples(result) : -1;

	if (count == 1)
		*provider = strdup(PQgetvalue(result, 0, 0));
	PQclear(result);
	if (count == 1)
		return CTL_DONE;
	if (count == 0)
		ctl_error("there is no notice of an event %s", event);
	else if (count > 1)
		ctl_error("several providers have an event %s: name one",
		    event);
	return count < 0 ? CTL_FAILED : CTL_REFUSED;
}

static int
replay(struct ctl *ctl, int argc, char **argv)
{
	char *provider = NULL, *body = NULL;
	int status;

	if (argc != 2 && argc != 3)
		return ctl_usage(ctl);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	status = find_provider(ctl, argv[1], argv[2], &provider);
	if (status == CTL_DONE)
		status = ctl_call(ctl, replay_sql, 2,
		    (const char *[]){ provider, argv[1] }, &body);
	if (status == CTL_DONE)
		puts(body);
	free(provider);
	free(body);
	return status;
}

static int
payments_command(struct ctl *ctl, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "list") == 0)
		return list(ctl, argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "replay") == 0)
		return replay(ctl, argc - 1, argv + 1);
	return ctl_usage(ctl);
}

const struct command payments_commands[] = {
	{ "payments", payments_command,
	    "list [--outcome WORD] [--limit N]\nreplay EVENT [PROVIDER]",
	    "show notices of payment providers, or apply one again" },
	{ NULL, NULL, NULL, NULL },
};
