/*
 * florinctl clock: the test clock of an installation made with --test-mode.
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
refuse_real_clock(struct ctl *ctl)
{
	char *mode = ctl_value(ctl, "select test_mode from florin.installation",
	    0, NULL);
	bool test_mode = mode != NULL && strcmp(mode, "t") == 0;

	if (mode == NULL)
		return CTL_FAILED;
	free(mode);
	if (test_mode)
		return CTL_DONE;
	ctl_error("this installation was made without --test-mode: its clock "
		  "is the real one");
	return CTL_REFUSED;
}

static int
print_clock(struct ctl *ctl)
{
	PGresult *result = ctl_query(ctl,
	    "select florin.clock() as now, ahead from florin.test_clock", 0,
	    NULL);
	bool done = result != NULL && table_print(result);

	PQclear(result);
	return done ? CTL_DONE : CTL_FAILED;
}

static int
clock_command(struct ctl *ctl, int argc, char **argv)
{
	bool advance = argc == 3 && strcmp(argv[1], "advance") == 0;
	const char *values[] = { advance ? argv[2] : NULL };
	PGresult *result;
	int status;

	if (argc != 1 && !advance)
		return ctl_usage(ctl);
	if (!ctl_connect_owner(ctl))
		return CTL_FAILED;
	if ((status = refuse_real_clock(ctl)) != CTL_DONE)
		return status;
	if (advance) {
		result = ctl_query(ctl,
		    "select florin.advance_clock($1::interval)", 1, values);
		if (result == NULL)
			return CTL_REFUSED;
		PQclear(result);
	}
	return print_clock(ctl);
}

const struct command clock_commands[] = {
	{ "clock", clock_command, "\nadvance INTERVAL",
	    "show the test clock, or move it forward ('1 month', '90 s')" },
	{ NULL, NULL, NULL, NULL },
};
