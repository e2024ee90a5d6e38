#include "route.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "dispatch.h"

/* The rows stand with the handlers of their noun. */
extern const struct route users_routes[];
extern const struct route credits_routes[];
extern const struct route membership_routes[];
extern const struct route admin_routes[];
extern const struct route checkin_routes[];
extern const struct route catalogue_routes[];
extern const struct route codes_routes[];
extern const struct route sessions_routes[];
extern const struct route actions_routes[];
extern const struct route tasks_routes[];
extern const struct route features_routes[];
extern const struct route payments_routes[];
extern const struct route local_routes[];

static const struct route *const tables[] = {
	users_routes,
	credits_routes,
	membership_routes,
	checkin_routes,
	sessions_routes,
	actions_routes,
	tasks_routes,
	features_routes,
	admin_routes,
	catalogue_routes,
	payments_routes,
	codes_routes,
	local_routes,
	internal_routes,
};
enum { TABLES = sizeof(tables) / sizeof(tables[0]), ROUTES_MAX = 256 };

static struct {
	const struct route *rows[ROUTES_MAX];
	size_t count;
	bool only_pool, bulk, features;
} all;

static void
collect(void)
{
	if (all.count > 0)
		return;
	for (size_t i = 0; i < TABLES; i++)
		for (const struct route *r = tables[i]; r->path; r++) {
			assert(all.count < ROUTES_MAX);
			all.rows[all.count++] = r;
		}
}

size_t
route_count(void)
{
	collect();
	return all.count;
}

const struct route *
route_at(size_t index)
{
	assert(index < route_count());
	return all.rows[index];
}

size_t
route_index(const struct route *route)
{
	for (size_t i = 0; i < route_count(); i++)
		if (all.rows[i] == route)
			return i;
	assert(!"a row of the table");
	return 0;
}

void
route_serve(const char *pool)
{
	all.only_pool = true;
	all.bulk = strcmp(pool, "bulk") == 0;
	all.features = strcmp(pool, "features") == 0;
}

bool
route_served(const struct route *route)
{
	if (!all.only_pool || (route->flags & ROUTE_INTERNAL) ||
	    (route->who & WHO_LOCAL))
		return true;
	if (all.features || (route->flags & ROUTE_FEATURES))
		return all.features && (route->flags & ROUTE_FEATURES);
	return all.bulk || !(route->flags & ROUTE_BULK);
}

/* The end of a segment: '/' or the end of the text. */
static size_t
segment_len(const char *text)
{
	return strcspn(text, "/");
}

/* Compare a path with a row's pattern and note the parameters. */
static bool
matches(const char *pattern, const char *path, struct route_match *m)
{
	m->params_count = 0;
	while (*pattern == '/' && *path == '/') {
		size_t want, have;

		pattern++;
		path++;
		want = segment_len(pattern);
		have = segment_len(path);
		if (pattern[0] == '{') {
			if (have == 0)
				return false;
			m->params[m->params_count].name = pattern + 1;
			m->params[m->params_count].name_len = want - 2;
			m->params[m->params_count].value = path;
			m->params[m->params_count].len = have;
			m->params_count++;
		} else if (want != have || memcmp(pattern, path, want) != 0) {
			return false;
		}
		pattern += want;
		path += have;
	}
	return *pattern == '\0' && *path == '\0';
}

static void
add_allow(struct route_match *m, const char *method)
{
	size_t used = strlen(m->allow);

	if (strstr(m->allow, method) != NULL)
		return;
	snprintf(m->allow + used, sizeof(m->allow) - used, "%s%s%s",
	    used ? ", " : "", method,
	    strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

/* A row without parameters wins over one with: "/me" over "/{user_id}". */
static bool
is_better(const struct route *row, const struct route *found)
{
	return found == NULL || strchr(row->path, '{') == NULL;
}

void
route_find(const char *method, const char *path, struct route_match *m)
{
	struct route_match trial, best = { .err = ERR_NOT_FOUND };
	const char *as = strcmp(method, "HEAD") == 0 ? "GET" : method;
	char allow[sizeof(best.allow)] = "";

	for (size_t i = 0; i < route_count(); i++) {
		const struct route *row = all.rows[i];

		if ((row->flags & ROUTE_INTERNAL) || !route_served(row) ||
		    !matches(row->path, path, &trial))
			continue;
		memcpy(best.allow, allow, sizeof(allow));
		add_allow(&best, row->method);
		memcpy(allow, best.allow, sizeof(allow));
		if (strcmp(row->method, as) != 0 || !is_better(row, best.route))
			continue;
		best = trial;
		best.route = row;
	}
	*m = best;
	memcpy(m->allow, allow, sizeof(allow));
	m->err = m->route != NULL ? ERR_NONE
	    : allow[0] != '\0'    ? ERR_METHOD_NOT_ALLOWED
				  : ERR_NOT_FOUND;
}

const char *
field_sql_type(enum field_type type)
{
	switch (type) {
	case FIELD_INT:
		return "bigint";
	case FIELD_TIME:
		return "timestamp with time zone";
	case FIELD_BOOL:
		return "boolean";
	case FIELD_OBJECT:
	case FIELD_JSON:
	case FIELD_ARRAY:
	case FIELD_MEMBERS:
		return "jsonb";
	case FIELD_NAMES:
		return "text[]";
	case FIELD_BYTES:
		return "bytea";
	default:
		return "text";
	}
}

size_t
route_params(const struct route *route,
    struct route_param params[ROUTE_PARAMS_MAX])
{
	size_t n = 0;

	params[n++] = (struct route_param){ "caller", "text" };
	if (route->flags & ROUTE_SCOPED)
		params[n++] = (struct route_param){ "user_id", "text" };
	if (route->flags & ROUTE_KEYED) {
		params[n++] = (struct route_param){ "idempotency_key", "text" };
		params[n++] = (struct route_param){ "request_hash", "bytea" };
	}
	if (route->flags & ROUTE_AUDITED) {
		params[n++] = (struct route_param){ "ip", "text" };
		params[n++] = (struct route_param){ "user_agent", "text" };
	}
	if (route->flags & ROUTE_CACHED)
		params[n++] = (struct route_param){ "known_revision",
			"bigint" };
	for (const struct field *f = route->fields; f->name != NULL; f++)
		params[n++] = (struct route_param){ f->name,
			field_sql_type(f->type) };
	return n;
}
