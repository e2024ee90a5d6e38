/*
 * florinctl grant, adjust: an administrator's change of a wallet, through the
 * functions that the HTTP API calls, so that ledger and operation log have it.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AMOUNT_MAX 9007199254740991LL /* 2^53 - 1 */

enum { KEY_BYTES = 16, KEY_LENGTH_MAX = 255 };

struct change {
	const char *user, *amount, *source, *reason;
	const char *expires_at; /* of --expires, NULL: never */
	const char *key;        /* of --key, NULL: a new one */
	char made_key[2 * KEY_BYTES + 1];
	char user_agent
	    [CTL_AGENT_SIZE]; /* program and login: for the operation log */
};

/* The request's hash, which says whether two are the same, is made here of
 * what the command names: only florinctl's own are compared. */
static const char grant_sql[] =
    "select * from florin_api.grant_credits('" CTL_CALLER "', $1, $2,"
    "	sha256(convert_to(jsonb_build_array('grant', $4::bigint, $5::text,"
    "		$6::text, $7::timestamptz)::text, 'UTF8')),"
    "	null, $3, $4, $5, $6, $7, null)";

static const char adjust_sql[] =
    "select * from florin_admin.adjust_credits('" CTL_CALLER "', $1, $2,"
    "	sha256(convert_to(jsonb_build_array('adjust', $4::bigint,"
    "		$5::text)::text, 'UTF8')),"
    "	null, $3, $4, $5)";

static bool
is_key(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return len >= 1 && len <= KEY_LENGTH_MAX;
}

/* Options of both commands; the words go on at optind. */
static int
read_options(struct ctl *ctl, int argc, char **argv, const char *order,
    struct change *change)
{
	static const struct option options[] = {
		{ "expires", required_argument, NULL, 'e' },
		{ "key", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, order, options, NULL)) != -1)
		switch (c) {
		case 'e':
			change->expires_at = optarg;
			break;
		case 'k':
			if (!is_key(optarg))
				return ctl_bad(ctl, "not a key", optarg);
			change->key = optarg;
			break;
		default:
			return ctl_usage(ctl);
		}
	return CTL_DONE;
}

static int
check_words(struct ctl *ctl, const struct change *change, int64_t min)
{
	int64_t amount;

	if (!argument_user_id(change->user))
		return ctl_bad(ctl, "not a user id", change->user);
	if (!argument_integer(change->amount, min, AMOUNT_MAX, &amount) ||
	    amount == 0)
		return ctl_bad(ctl, "not an amount", change->amount);
	if (!argument_reason(change->reason))
		return ctl_bad(ctl, "a reason has 1 to 500 characters",
		    change->reason);
	return CTL_DONE;
}

/* Say who asks and with which key: in doubt (a lost connection) the same
 * command with --key does it once. */
static void
prepare(struct change *change)
{
	ctl_agent(change->user_agent);
	if (change->key == NULL) {
		random_hex(change->made_key, KEY_BYTES);
		change->key = change->made_key;
	}
	fprintf(stderr, "idempotency key: %s\n", change->key);
}

static int
call_and_print(struct ctl *ctl, const char *sql, int count,
    const char *const *values)
{
	char *body;
	int status;

	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	status = ctl_call(ctl, sql, count, values, &body);
	if (status == CTL_DONE)
		puts(body);
	free(body);
	return status;
}

static int
grant_command(struct ctl *ctl, int argc, char **argv)
{
	struct change change = { 0 };
	int status = read_options(ctl, argc, argv, "", &change);

	if (status != CTL_DONE)
		return status;
	if (argc - optind != 4)
		return ctl_usage(ctl);
	change.user = argv[optind];
	change.amount = argv[optind + 1];
	change.source = argv[optind + 2];
	change.reason = argv[optind + 3];
	if ((status = check_words(ctl, &change, 1)) != CTL_DONE)
		return status;
	prepare(&change);
	return call_and_print(ctl, grant_sql, 7,
	    (const char *[]){ change.user, change.key, change.user_agent,
		change.amount, change.source, change.reason,
		change.expires_at });
}

static int
adjust_command(struct ctl *ctl, int argc, char **argv)
{
	struct change change = { 0 };
	/* Options stand first: "-20" is an amount. */
	int status = read_options(ctl, argc, argv, "+", &change);

	if (status != CTL_DONE)
		return status;
	if (argc - optind != 3 || change.expires_at != NULL)
		return ctl_usage(ctl);
	change.user = argv[optind];
	change.amount = argv[optind + 1];
	change.reason = argv[optind + 2];
	if ((status = check_words(ctl, &change, -AMOUNT_MAX)) != CTL_DONE)
		return status;
	prepare(&change);
	return call_and_print(ctl, adjust_sql, 5,
	    (const char *[]){ change.user, change.key, change.user_agent,
		change.amount, change.reason });
}

const struct command credits_commands[] = {
	{ "grant", grant_command,
	    "USER AMOUNT SOURCE REASON [--expires TIME] [--key KEY]",
	    "give credits from a grantable source" },
	{ "adjust", adjust_command, "[--key KEY] USER AMOUNT REASON",
	    "change a balance by a signed amount" },
	{ NULL, NULL, NULL, NULL },
};
