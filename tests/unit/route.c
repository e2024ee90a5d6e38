#include "route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* A path of the row, with its parameters filled in. */
static void
example_path(char *out, size_t size, const char *pattern)
{
	size_t used = 0;

	while (*pattern != '\0' && used + 8 < size) {
		if (*pattern == '{') {
			used += (size_t)snprintf(out + used, size - used,
			    "a%%20b");
			pattern += strcspn(pattern, "}") + 1;
		} else {
			out[used++] = *pattern++;
		}
	}
	out[used] = '\0';
}

static void
check_field(const struct route *row, const struct field *field)
{
	char parameter[64];

	snprintf(parameter, sizeof(parameter), "{%s}", field->name);
	CHECK((strstr(row->path, parameter) != NULL) == (field->in == IN_PATH),
	    "%s: %s stands in the path or not", row->path, field->name);
	CHECK(field->in != IN_PATH || field->required,
	    "%s: %s of the path is required", row->path, field->name);
	CHECK(field->min <= field->max, "%s: limits of %s", row->path,
	    field->name);
	CHECK((field->type == FIELD_CHOICE) == (field->choices != NULL),
	    "%s: choices of %s", row->path, field->name);
	CHECK(field->in == IN_BODY ||
		(field->type != FIELD_OBJECT && field->type != FIELD_ARRAY &&
		    field->type != FIELD_NAMES),
	    "%s: %s fits into a query", row->path, field->name);
}

static void
rows_are_whole(void)
{
	CU_ASSERT_TRUE(route_count() > 10);
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *row = route_at(i);
		size_t fields = 0;

		CU_ASSERT_EQUAL(route_index(row), i);
		if (row->flags & ROUTE_INTERNAL)
			CHECK(row->path[0] != '/', "%s is no path", row->path);
		else
			CHECK(row->path[0] == '/' && row->who != 0 &&
				strstr("GET POST PUT PATCH DELETE",
				    row->method) != NULL,
			    "%s has method, path, who", row->path);
		CHECK(row->handler != NULL || (row->flags & ROUTE_INTERNAL),
		    "%s has a handler", row->path);
		while (fields < ROUTE_FIELDS_MAX &&
		    row->fields[fields].name != NULL)
			check_field(row, &row->fields[fields++]);
		CHECK(fields < ROUTE_FIELDS_MAX,
		    "%s has room for the fields' end mark", row->path);
		CHECK((row->flags & ROUTE_KEY_REQUIRED) == 0 ||
			strcmp(row->method, "POST") == 0,
		    "%s needs a key only for POST", row->path);
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(row->path, route_at(j)->path) != 0 ||
				strcmp(row->method, route_at(j)->method) != 0,
			    "%s %s stands once", row->method, row->path);
	}
}

static void
errors_are_known(void)
{
	for (size_t i = 0; i < route_count(); i++) {
		const char *p = route_at(i)->errors;

		while (p != NULL && *p != '\0') {
			size_t len = strcspn(p, " ");
			char code[64];

			snprintf(code, sizeof(code), "%.*s", (int)len, p);
			CHECK(error_find(code) != ERR_NONE, "%s: error <%s>",
			    route_at(i)->path, code);
			p += len + (p[len] == ' ');
		}
	}
}

static void
finds_each_row(void)
{
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *row = route_at(i);
		struct route_match m;
		char path[256], other[300];

		example_path(path, sizeof(path), row->path);
		route_find(row->method, path, &m);
		if (row->flags & ROUTE_INTERNAL) {
			CHECK(m.route == NULL, "%s is not reached", path);
			continue;
		}
		CHECK(m.route == row && m.err == ERR_NONE, "%s %s is found",
		    row->method, path);
		if (strcmp(row->method, "GET") == 0) {
			route_find("HEAD", path, &m);
			CHECK(m.route == row, "HEAD %s is found", path);
		}
		route_find("TRACE", path, &m);
		CHECK(m.route == NULL && m.err == ERR_METHOD_NOT_ALLOWED &&
			strstr(m.allow, row->method) != NULL,
		    "TRACE %s: Allow: %s", path, m.allow);
		for (int n = 0; n < 5; n++) {
			static const char *const wrong[] = { "%s/", "/%s",
				"%s/x/y/z", "x%s", "%s%%2f" };

			snprintf(other, sizeof(other), wrong[n], path);
			route_find(row->method, other, &m);
			CHECK(m.route != row || strchr(row->path, '{') != NULL,
			    "%s is not %s", other, row->path);
			CHECK(n == 4 || m.err == ERR_NOT_FOUND,
			    "%s is not found", other);
		}
	}
}

static void
finds_parameters(void)
{
	struct route_match m;

	route_find("GET", "/api/credits/transactions/4%20%C3%A9", &m);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m.route);
	CU_ASSERT_EQUAL(m.params_count, 1);
	CHECK(m.params[0].len == 10 &&
		strncmp(m.params[0].value, "4%20%C3%A9", 10) == 0,
	    "the value is still encoded");
	CHECK(m.params[0].name_len == 14 &&
		strncmp(m.params[0].name, "transaction_id", 14) == 0,
	    "the name is the pattern's");
	/* a row without parameters comes first */
	route_find("GET", "/api/users/me", &m);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m.route);
	CHECK_TEXT(m.route->path, "/api/users/me");
	CU_ASSERT_EQUAL(m.params_count, 0);
	route_find("GET", "/api/users/meg", &m);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m.route);
	CHECK_TEXT(m.route->path, "/api/users/{user_id}");
}

static void
refuses_other_paths(void)
{
	static const char *const paths[] = { "", "/", "//", "api", "/api",
		"/api/", "/api/credits/", "/api//credits", "/API/credits",
		"/api/credits/transactions/", "/api/credits/transactions//",
		"/api/credits/transactions/1/2", "/api/users/", "*",
		"/api/credits?x", "/api/credits/consumed", "/api/credit" };
	struct route_match m;

	for (size_t i = 0; i < LENGTH(paths); i++) {
		route_find("GET", paths[i], &m);
		CHECK(m.route == NULL && m.err == ERR_NOT_FOUND,
		    "<%s> is not found", paths[i]);
	}
	route_find("get", "/api/credits", &m);
	CU_ASSERT_EQUAL(m.err, ERR_METHOD_NOT_ALLOWED);
	route_find("DELETE", "/api/credits", &m);
	CU_ASSERT_EQUAL(m.err, ERR_METHOD_NOT_ALLOWED);
	CHECK_TEXT(m.allow, "GET, HEAD");
	route_find("GET", "/api/credits/consume", &m);
	CHECK_TEXT(m.allow, "POST");
}

/* The order in which SQL functions take what does not come from fields. */
static void
orders_parameters(void)
{
	static const struct route row = { "POST", "/x", WHO_ALL,
		ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_CACHED, NULL,
		"f", NULL, NULL,
		{ { "n", FIELD_INT, IN_BODY, true, 0, 1, 0 },
		    { "o", FIELD_OBJECT, IN_BODY, true, 0, 1, 0 },
		    { "l", FIELD_NAMES, IN_BODY, true, 0, 1, 0 },
		    { "t", FIELD_TIME, IN_BODY, true, 0, 1, 0 },
		    { "b", FIELD_BOOL, IN_BODY, true, 0, 1, 0 },
		    { "c", FIELD_CHOICE, IN_BODY, true, 0, 1, "x" } } };
	static const char *const expected[][2] = {
		{ "caller", "text" },
		{ "user_id", "text" },
		{ "idempotency_key", "text" },
		{ "request_hash", "bytea" },
		{ "ip", "text" },
		{ "user_agent", "text" },
		{ "known_revision", "bigint" },
		{ "n", "bigint" },
		{ "o", "jsonb" },
		{ "l", "text[]" },
		{ "t", "timestamp with time zone" },
		{ "b", "boolean" },
		{ "c", "text" },
	};
	static const struct route bare = { "GET", "/x", WHO_ALL, 0, NULL, "f",
		NULL, NULL, { { 0 } } };
	struct route_param params[ROUTE_PARAMS_MAX];

	CU_ASSERT_EQUAL(route_params(&row, params), LENGTH(expected));
	for (size_t i = 0; i < LENGTH(expected); i++) {
		CHECK_TEXT(params[i].name, expected[i][0]);
		CHECK_TEXT(params[i].sql_type, expected[i][1]);
	}
	CU_ASSERT_EQUAL(route_params(&bare, params), 1);
}

/* Which rows a process serves; nothing sets it back, so it comes last. */
static void
serves_one_pool(void)
{
	struct route_match m;
	size_t bulk = 0, features = 0;

	for (size_t i = 0; i < route_count(); i++)
		CHECK(route_served(route_at(i)), "all are served at first");
	route_serve("wallet");
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *row = route_at(i);
		char path[256];

		example_path(path, sizeof(path), row->path);
		route_find(row->method, path, &m);
		bulk += (row->flags & ROUTE_BULK) != 0;
		features += (row->flags & ROUTE_FEATURES) != 0;
		if ((row->flags & (ROUTE_BULK | ROUTE_FEATURES)) &&
		    !(row->who & WHO_LOCAL))
			CHECK(!route_served(row) && m.route != row,
			    "%s is another pool's", row->path);
		else
			CHECK(route_served(row), "%s is served", row->path);
	}
	CU_ASSERT_TRUE(bulk > 0 && features > 0);
	route_serve("bulk");
	for (size_t i = 0; i < route_count(); i++)
		CHECK(route_served(route_at(i)) ==
			!(route_at(i)->flags & ROUTE_FEATURES),
		    "%s in the bulk pool", route_at(i)->path);
	route_serve("features");
	for (size_t i = 0; i < route_count(); i++)
		CHECK(route_served(route_at(i)) ==
			((route_at(i)->flags &
			     (ROUTE_FEATURES | ROUTE_INTERNAL)) != 0 ||
			    (route_at(i)->who & WHO_LOCAL) != 0),
		    "%s in the features pool", route_at(i)->path);
}

CU_TestInfo route_tests[] = {
	{ "rows are whole", rows_are_whole },
	{ "errors are known", errors_are_known },
	{ "finds each row", finds_each_row },
	{ "finds parameters", finds_parameters },
	{ "refuses other paths", refuses_other_paths },
	{ "orders parameters", orders_parameters },
	{ "serves one pool", serves_one_pool },
	CU_TEST_INFO_NULL,
};
