/*
 * Tables for people, by libsmartcols.
 */
#include "ctl/ctl.h"

#include <libsmartcols/libsmartcols.h>

/* Types whose values stand right: bigint, integer, numeric. */
static bool
is_number(Oid type)
{
	return type == 20 || type == 23 || type == 1700;
}

static bool
add_columns(struct libscols_table *table, const PGresult *result)
{
	for (int i = 0; i < PQnfields(result); i++)
		if (scols_table_new_column(table, PQfname(result, i), 0,
			is_number(PQftype(result, i)) ? SCOLS_FL_RIGHT : 0) ==
		    NULL)
			return false;
	return true;
}

static bool
add_rows(struct libscols_table *table, const PGresult *result)
{
	for (int row = 0; row < PQntuples(result); row++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		for (int i = 0; i < PQnfields(result); i++)
			if (line == NULL ||
			    scols_line_set_data(line, (size_t)i,
				PQgetisnull(result, row, i)
				    ? "-"
				    : PQgetvalue(result, row, i)) != 0)
				return false;
	}
	return true;
}

bool
table_print(const PGresult *result)
{
	struct libscols_table *table = scols_new_table();
	bool done = table != NULL && add_columns(table, result) &&
	    add_rows(table, result) && scols_print_table(table) == 0;

	scols_unref_table(table);
	if (!done)
		ctl_error("cannot print a table");
	return done;
}
