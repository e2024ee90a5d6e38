/*
 * florinctl: the administrator's program.  Each command is a row of its
 * group's table, which also prints the help.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const groups[] = { migrate_commands,
	check_commands, token_commands, user_commands, credits_commands,
	verify_commands, clock_commands, jwt_commands, import_commands,
	export_commands, payments_commands, settings_commands };
enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

void
ctl_error(const char *format, ...)
{
	va_list args;

	fputs("florinctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* "  name words" for each form of a command. */
static void
print_forms(FILE *out, const struct command *command, const char *before)
{
	const char *form = command->usage, *end;

	do {
		end = strchrnul(form, '\n');
		fprintf(out, "%s%s%s%.*s\n", before, command->name,
		    end == form ? "" : " ", (int)(end - form), form);
		form = end + 1;
	} while (*end != '\0');
}

int
ctl_usage(const struct ctl *ctl)
{
	fputs("usage:\n", stderr);
	print_forms(stderr, ctl->command, "  florinctl ");
	return CTL_USAGE;
}

int
ctl_bad(const struct ctl *ctl, const char *what, const char *value)
{
	ctl_error("%s: %s: \"%s\"", ctl->command->name, what, value);
	return CTL_USAGE;
}

static void
print_help(FILE *out)
{
	fputs("usage: florinctl [--database CONNINFO] [--config FILE]"
	      " [--sql-dir DIR]\n"
	      "                 COMMAND ...\n\n"
	      "CONNINFO is libpq's; without it FLORIN_DATABASE, then libpq's"
	      " own variables.\n\n",
	    out);
	for (size_t i = 0; i < GROUPS; i++)
		for (const struct command *c = groups[i]; c->name; c++) {
			print_forms(out, c, "  ");
			fprintf(out, "        %s\n", c->doc);
		}
}

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < GROUPS; i++)
		for (const struct command *c = groups[i]; c->name; c++)
			if (strcmp(c->name, name) == 0)
				return c;
	return NULL;
}

/* A password on the command line is seen by everybody who runs ps. */
static bool
holds_password(const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	bool found = false;

	for (PQconninfoOption *o = options; o != NULL && o->keyword; o++)
		if (o->val != NULL && o->val[0] != '\0' &&
		    (strcmp(o->keyword, "password") == 0 ||
			strcmp(o->keyword, "sslpassword") == 0))
			found = true;
	PQconninfoFree(options);
	return found;
}

/* Read the options before the command.  -1: go on, else the exit status. */
static int
read_options(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "database", required_argument, NULL, 'd' },
		{ "config", required_argument, NULL, 'c' },
		{ "sql-dir", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+d:c:s:hV", options, NULL)) != -1)
		switch (c) {
		case 'd':
			ctl->database = optarg;
			if (!holds_password(optarg))
				break;
			ctl_error("a password does not belong on the command "
				  "line: use PGPASSFILE or FLORIN_DATABASE");
			return CTL_USAGE;
		case 'c':
			ctl->config_path = optarg;
			break;
		case 's':
			ctl->sql_dir = optarg;
			break;
		case 'h':
			print_help(stdout);
			return CTL_DONE;
		case 'V':
			puts("florinctl " PACKAGE_VERSION);
			return CTL_DONE;
		default:
			fputs("florinctl --help says more\n", stderr);
			return CTL_USAGE;
		}
	return -1;
}

int
main(int argc, char **argv)
{
	struct ctl ctl = {
		.database = getenv("FLORIN_DATABASE"),
		.config_path = FLORIN_SYSCONFDIR "/florin.conf",
		.sql_dir = FLORIN_SQL_DIR,
	};
	int status = read_options(&ctl, argc, argv);

	if (status >= 0)
		return status;
	if (optind == argc) {
		print_help(stderr);
		return CTL_USAGE;
	}
	ctl.command = find(argv[optind]);
	if (ctl.command == NULL) {
		ctl_error("no such command: %s", argv[optind]);
		return CTL_USAGE;
	}
	argc -= optind;
	argv += optind;
	optind = 0; /* getopt starts anew with the command's own words */
	status = ctl.command->run(&ctl, argc, argv);
	PQfinish(ctl.db);
	if (fflush(stdout) != 0 && status == CTL_DONE) {
		ctl_error("standard output: %m");
		status = CTL_FAILED;
	}
	return status;
}
