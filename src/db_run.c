#include "db_run.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "util/buf.h"

enum { CALLER, USER_ID, CALLS = 1 };

static bool
may_join(const struct call *call)
{
	return call->route->flags & ROUTE_RUNS && !call->alone &&
	    !call->doubted;
}

/* Is one of `count` others of the same user? */
static bool
is_overtaking(const struct call *call, struct call *const *others, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (others[i]->route->flags & ROUTE_SCOPED &&
		    strcmp(call->values[USER_ID], others[i]->values[USER_ID]) ==
			0)
			return true;
	return false;
}

size_t
run_gather(struct call **calls, size_t count)
{
	size_t n = 1;

	if (!may_join(calls[0]))
		return 1;
	for (size_t i = 1; i < count; i++) {
		struct call *call = calls[i];

		if (!may_join(call) || call->route != calls[0]->route ||
		    is_overtaking(call, calls + n, i - n))
			continue;
		memmove(calls + n + 1, calls + n, (i - n) * sizeof(*calls));
		calls[n++] = call;
	}
	return n;
}

/* {"caller": "user", "amount": "5", ...}: PostgreSQL reads each value as the
 * type of its parameter; what is absent is NULL. */
static void
add_object(struct buf *text, const struct call *call)
{
	struct route_param params[ROUTE_PARAMS_MAX];
	size_t n = route_params(call->route, params);
	const char *before = "{";

	for (size_t i = 0; i < n; i++) {
		if (call->values[i] == NULL)
			continue;
		buf_printf(text, "%s\"%s\":", before, params[i].name);
		buf_add_json(text, call->values[i]);
		before = ",";
	}
	buf_adds(text, "}");
}

void
run_call(struct call *run, struct call *const *calls, size_t count,
    struct buf *text)
{
	buf_reset(text);
	for (size_t i = 0; i < count; i++) {
		buf_adds(text, i == 0 ? "[" : ",");
		add_object(text, calls[i]);
	}
	buf_adds(text, "]");
	*run = (struct call){ .route = calls[0]->route - 1 };
	run->values[CALLER] = calls[0]->values[CALLER];
	run->values[CALLS] = text->data;
}

static PGresult *
copy_row(const PGresult *from, int row)
{
	PGresult *result = PQcopyResult(from, PG_COPYRES_ATTRS);
	bool whole = result != NULL;

	for (int i = 0; whole && i < PQnfields(from); i++)
		whole = PQsetvalue(result, 0, i, PQgetvalue(from, row, i),
		    PQgetisnull(from, row, i) ? -1 : PQgetlength(from, row, i));
	if (!whole)
		abort(); /* no memory */
	return result;
}

bool
run_split(struct call *const *calls, size_t count, const PGresult *result)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK ||
	    (size_t)PQntuples(result) != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!PQgetisnull(result, (int)i, 0))
			calls[i]->result = (struct db_result *)copy_row(result,
			    (int)i);
	return true;
}
