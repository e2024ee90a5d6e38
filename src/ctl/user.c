/*
 * florinctl user: make one, or show what the database knows about one.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_scan.h"

static const char wallet_sql[] =
    "select w.user_id, w.balance, w.held, w.level, w.version, w.revision,"
    "	w.total_granted, w.total_spent, w.frozen, w.next_due_at, u.email,"
    "	u.display_name, u.created_at"
    " from florin.wallets w join florin.users u using (user_id)"
    " where w.user_id = $1";

static const char grants_sql[] =
    "select id as grant, source, amount, remaining, priority, merged,"
    "	effective_at, expires_at"
    " from florin.grants where user_id = $1 and live order by id";

static const char holds_sql[] =
    "select id as hold, amount, transaction_id, created_by, created_at,"
    "	expires_at, reason"
    " from florin.holds where user_id = $1 and status = 'open'"
    " order by transaction_id";

static const char history_sql[] =
    "select * from florin_api.export_transactions"
    "('system', $1, null, null, null, null, null, null, 2000, $2)";

static const char transactions_sql[] =
    "select seq, kind, amount, balance_after, reference_type || ' '"
    "	|| reference_id as reference, actor, created_at, reason"
    " from florin.credit_transactions where user_id = $1"
    " order by seq desc limit 10";

static bool
show_part(struct ctl *ctl, const char *title, const char *sql, const char *user)
{
	const char *values[] = { user };
	PGresult *result = ctl_query(ctl, sql, 1, values);
	bool done = result != NULL;

	if (done && PQntuples(result) > 0) {
		printf("%s\n", title);
		done = table_print(result);
	}
	PQclear(result);
	return done;
}

static int
show(struct ctl *ctl, const char *user)
{
	const char *values[] = { user };
	char *body;
	int status;

	if (!argument_user_id(user))
		return ctl_bad(ctl, "not a user id", user);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	/* Settles what is due, refuses a user that is not there. */
	status = ctl_call(ctl,
	    "select * from florin_api.get_credits('system', $1, null, null)", 1,
	    values, &body);
	free(body);
	if (status != CTL_DONE)
		return status;
	return show_part(ctl, "Wallet", wallet_sql, user) &&
		show_part(ctl, "\nOpen grants", grants_sql, user) &&
		show_part(ctl, "\nOpen holds", holds_sql, user) &&
		show_part(ctl, "\nLast transactions", transactions_sql, user)
	    ? CTL_DONE
	    : CTL_FAILED;
}

static int
create(struct ctl *ctl, const char *user, const char *email, const char *name)
{
	const char *values[] = { CTL_CALLER, user, "florinctl", email, name };
	char *body;
	int status;

	if (!argument_user_id(user))
		return ctl_bad(ctl, "not a user id", user);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	status = ctl_call(ctl,
	    "select * from florin_api.register_user"
	    "($1, $2, null, null, null, $3, $4, $5)",
	    5, values, &body);
	if (status == CTL_DONE)
		puts(body);
	free(body);
	return status;
}

static int
user_command(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "email", required_argument, NULL, 'e' },
		{ "name", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	const char *email = NULL, *name = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case 'e':
			email = optarg;
			break;
		case 'n':
			name = optarg;
			break;
		default:
			return ctl_usage(ctl);
		}
	argc -= optind;
	argv += optind;
	if (argc == 2 && strcmp(argv[0], "create") == 0)
		return create(ctl, argv[1], email, name);
	if (argc != 1 || strcmp(argv[0], "create") == 0 || email != NULL ||
	    name != NULL)
		return ctl_usage(ctl);
	return show(ctl, argv[0]);
}

/* Print one page; *cursor is that of the next, "" after the last. */
static bool
print_page(const char *body, char *cursor, size_t cursor_size)
{
	struct json_slice page = { body, strlen(body) };
	char *csv = malloc(page.len + 1);
	bool done;

	if (csv == NULL)
		abort();
	done = json_unquote(json_member(page, "csv"), csv, page.len + 1) &&
	    fputs(csv, stdout) >= 0;
	free(csv);
	if (!json_unquote(json_member(page, "next_cursor"), cursor,
		cursor_size))
		cursor[0] = '\0';
	return done;
}

static int
history_command(struct ctl *ctl, int argc, char **argv)
{
	char cursor[32] = "";
	int status;

	if (argc != 2)
		return ctl_usage(ctl);
	if (!argument_user_id(argv[1]))
		return ctl_bad(ctl, "not a user id", argv[1]);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	do {
		const char *values[] = { argv[1],
			cursor[0] != '\0' ? cursor : NULL };
		char *body;

		status = ctl_call(ctl, history_sql, 2, values, &body);
		if (status == CTL_DONE &&
		    !print_page(body, cursor, sizeof(cursor)))
			status = CTL_FAILED;
		free(body);
	} while (status == CTL_DONE && cursor[0] != '\0');
	return status;
}

const struct command user_commands[] = {
	{ "user", user_command,
	    "USER\ncreate USER [--email EMAIL] [--name NAME]",
	    "show a user's wallet, grants and last transactions, or make one" },
	{ "history", history_command, "USER",
	    "print all transactions of a user as CSV, newest first" },
	{ NULL, NULL, NULL, NULL },
};
