#include "openapi.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "openapi_schema.h"
#include "route.h"
#include "util/buf.h"

static const struct field user_id_field = { "user_id", FIELD_USER_ID, IN_QUERY,
	false, 1, 128, 0 };

const char *
openapi_success(const char *answer, int statuses[5])
{
	size_t n = 0;

	while (isdigit((unsigned char)answer[0]) && n < 4) {
		statuses[n++] = atoi(answer);
		answer += strspn(answer, "0123456789");
		answer += strspn(answer, " ");
	}
	if (n == 0)
		statuses[n++] = 200;
	statuses[n] = 0;
	return answer;
}

static bool
has_body(const struct route *r)
{
	return strcmp(r->method, "GET") != 0 &&
	    strcmp(r->method, "DELETE") != 0;
}

static bool
needs_token(const struct route *r)
{
	return !(r->who & (WHO_ANYONE | WHO_LOCAL));
}

/* Does a caller name the user outside of the path? */
static bool
names_user(const struct route *r)
{
	return (r->flags & ROUTE_SCOPED) && r->who != WHO_USER &&
	    strstr(r->path, "{user_id}") == NULL;
}

static const struct field *
find_field(const struct route *r, const char *name, size_t len)
{
	for (const struct field *f = r->fields; f->name != NULL; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	return &user_id_field;
}

/* ---- an operation's parts ---- */

/* The function's name; a row that shares it is named after its path. */
static void
operation_id(struct buf *out, const struct route *r)
{
	const char *dot = r->function ? strchr(r->function, '.') : NULL;

	for (size_t i = 0; dot != NULL && route_at(i) != r; i++)
		if (route_at(i)->function != NULL &&
		    strcmp(route_at(i)->function, r->function) == 0)
			dot = NULL;
	if (dot != NULL) {
		buf_adds(out, dot + 1);
		return;
	}
	for (const char *p = r->method; *p != '\0'; p++)
		buf_printf(out, "%c", tolower((unsigned char)*p));
	for (const char *p = r->path; *p != '\0'; p++)
		if (isalnum((unsigned char)*p) || *p == '_')
			buf_printf(out, "%c", *p);
		else if (*p == '/')
			buf_adds(out, "_");
}

static void
parameter(struct buf *out, const char **comma, const char *where,
    const struct field *f, bool required)
{
	buf_printf(out,
	    "%s{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,\"schema\":",
	    *comma, f->name, where, required ? "true" : "false");
	schema_of_field(out, f);
	buf_adds(out, ",\"example\":");
	example_of_field(out, f);
	buf_adds(out, "}");
	*comma = ",";
}

static void
path_parameters(struct buf *out, const char **comma, const struct route *r)
{
	for (const char *p = strchr(r->path, '{'); p != NULL;
	     p = strchr(p + 1, '{'))
		parameter(out, comma, "path",
		    find_field(r, p + 1, strcspn(p + 1, "}")), true);
}

static void
parameters(struct buf *out, const struct route *r)
{
	static const struct field key = { "Idempotency-Key", FIELD_TEXT,
		IN_QUERY, false, 1, 257, 0 };
	static const struct field etag = { "If-None-Match", FIELD_TEXT,
		IN_QUERY, false, 1, 0, 0 };
	const char *comma = "";

	buf_adds(out, ",\"parameters\":[");
	path_parameters(out, &comma, r);
	if (names_user(r) && !has_body(r))
		parameter(out, &comma, "query", &user_id_field, false);
	for (const struct field *f = r->fields; f->name != NULL; f++)
		if (f->in == IN_QUERY)
			parameter(out, &comma, "query", f, f->required);
	if (r->flags & ROUTE_KEYED)
		parameter(out, &comma, "header", &key,
		    (r->flags & ROUTE_KEY_REQUIRED) != 0);
	if (r->flags & ROUTE_CACHED)
		parameter(out, &comma, "header", &etag, false);
	buf_adds(out, "]");
}

/* The body's fields, one after the other: schema, example or names. */
static void
body_part(struct buf *out, const struct route *r,
    void (*print)(struct buf *, const struct field *))
{
	const char *comma = "";

	if (names_user(r)) {
		buf_adds(out, "\"user_id\":");
		print(out, &user_id_field);
		comma = ",";
	}
	for (const struct field *f = r->fields; f->name != NULL; f++) {
		if (f->in != IN_BODY || f->type == FIELD_MEMBERS)
			continue;
		buf_printf(out, "%s\"%s\":", comma, f->name);
		print(out, f);
		comma = ",";
	}
}

/* Does a body have members whose names the row does not know? */
static bool
takes_members(const struct route *r)
{
	for (const struct field *f = r->fields; f->name != NULL; f++)
		if (f->type == FIELD_MEMBERS)
			return true;
	return false;
}

static void
request_body(struct buf *out, const struct route *r)
{
	const char *comma = "";
	size_t start;

	if (!has_body(r))
		return;
	if (r->flags & ROUTE_RAW) {
		buf_adds(out,
		    ",\"requestBody\":{\"content\":{\"*/*\":{\"schema\":{},"
		    "\"example\":{\"text\":\"a draft\"}}}}");
		return;
	}
	buf_printf(out,
	    ",\"requestBody\":{\"content\":{\"application/json\":{"
	    "\"schema\":{\"type\":\"object\",\"additionalProperties\":%s,"
	    "\"properties\":{",
	    takes_members(r) ? "true" : "false");
	start = out->len;
	body_part(out, r, schema_of_field);
	if (out->len == start) {
		buf_adds(out, "}},\"example\":{}}}}");
		return;
	}
	buf_adds(out, "},\"required\":[");
	for (const struct field *f = r->fields; f->name != NULL; f++)
		if (f->in == IN_BODY && f->required &&
		    f->type != FIELD_MEMBERS) {
			buf_printf(out, "%s\"%s\"", comma, f->name);
			comma = ",";
		}
	buf_adds(out, "]},\"example\":{");
	body_part(out, r, example_of_field);
	buf_adds(out, "}}}}");
}

static size_t
word_len(const char *words)
{
	return strcspn(words, " ");
}

static const char *
next_word(const char *words)
{
	words += word_len(words);
	return words + strspn(words, " ");
}

static bool
is_text(const char *name)
{
	return word_len(name) == 4 && memcmp(name, "text", 4) == 0;
}

/* The JSON answers among a row's shapes, with the first one's example. */
static void
json_content(struct buf *out, const char *names)
{
	const struct shape *first = NULL;
	struct buf refs = { 0 };
	bool several = false;

	for (const char *p = names; *p != '\0'; p = next_word(p)) {
		const struct shape *shape = shape_find(p, word_len(p));

		if (is_text(p))
			continue;
		assert(shape != NULL); /* rows name shapes of shapes.c */
		several = first != NULL;
		first = several ? first : shape;
		buf_printf(&refs, "%s{\"$ref\":\"#/components/schemas/%s\"}",
		    several ? "," : "", shape->name);
	}
	buf_printf(out,
	    "\"application/json\":{\"schema\":%s%.*s%s,\"example\":",
	    several ? "{\"anyOf\":[" : "", (int)refs.len, refs.data,
	    several ? "]}" : "");
	example_of_shape(out, first);
	buf_adds(out, "}");
	buf_free(&refs);
}

/* What an answer of these shapes is: "text any" may be either. */
static void
content(struct buf *out, const char *names)
{
	bool text = false, json = false;

	if (strcmp(names, "csv") == 0) {
		buf_adds(out,
		    ",\"content\":{\"text/csv\":{\"schema\":"
		    "{\"type\":\"string\"},\"example\":\"id,kind\"}}");
		return;
	}
	for (const char *p = names; *p != '\0'; p = next_word(p))
		*(is_text(p) ? &text : &json) = true;
	buf_adds(out, ",\"content\":{");
	if (text)
		buf_adds(out,
		    "\"text/plain\":{\"schema\":{\"type\":\"string\"},"
		    "\"example\":\"pong\"}");
	if (text && json)
		buf_adds(out, ",");
	if (json)
		json_content(out, names);
	buf_adds(out, "}");
}

static void
success(struct buf *out, const struct route *r)
{
	int statuses[5];
	const char *names = openapi_success(r->answer, statuses);

	if (strcmp(names, "raw") == 0) {
		buf_adds(out,
		    "\"2XX\":{\"description\":\"What the upstream answered\","
		    "\"content\":{\"*/*\":{\"schema\":{},\"example\":"
		    "{\"text\":\"A draft.\"}}}}");
		return;
	}
	for (int i = 0; statuses[i] != 0; i++) {
		buf_printf(out, "%s\"%d\":{\"description\":\"%s\"",
		    i ? "," : "", statuses[i],
		    i ? "As it was already" : "Done");
		content(out, names);
		buf_adds(out, "}");
	}
	if (r->flags & ROUTE_CACHED)
		buf_adds(out, ",\"304\":{\"description\":\"Not changed\"}");
}

/* Which codes can an operation answer with this status? */
static bool
can_refuse(const struct route *r, enum err err)
{
	const char *code = error_row(err)->code;
	size_t len = strlen(code);

	switch (err) {
	case ERR_INTERNAL:
	case ERR_UNAVAILABLE:
	/* path, query and headers are checked whatever the row */
	case ERR_INVALID_REQUEST:
	case ERR_BODY_TOO_LARGE:
	case ERR_URI_TOO_LONG:
	case ERR_HEADERS_TOO_LARGE:
	case ERR_UNSUPPORTED_MEDIA_TYPE:
		return true;
	case ERR_UNAUTHORIZED:
	case ERR_RATE_LIMITED:
		return needs_token(r);
	case ERR_FORBIDDEN:
		if (!(r->who & WHO_ANYONE))
			return true;
		break;
	case ERR_OUTCOME_UNKNOWN:
		return r->function != NULL;
	default:
		break;
	}
	if (err == ERR_KEY_MISSING)
		return (r->flags & ROUTE_KEY_REQUIRED) != 0;
	for (const char *p = r->errors; p != NULL && *p != '\0';) {
		size_t n = strcspn(p, " ");

		if (n == len && memcmp(p, code, n) == 0)
			return true;
		p += n + strspn(p + n, " ");
	}
	return false;
}

static void
refusals(struct buf *out, const struct route *r)
{
	for (int status = 400; status < 600; status++) {
		const char *comma = "";

		for (int e = ERR_NONE + 1; e < ERR_COUNT; e++) {
			if (error_row((enum err)e)->status != status ||
			    !can_refuse(r, (enum err)e))
				continue;
			if (comma[0] == '\0')
				buf_printf(out, ",\"%d\":{\"description\":\"",
				    status);
			buf_printf(out, "%s%s", comma,
			    error_row((enum err)e)->code);
			comma = ", ";
		}
		if (comma[0] == '\0')
			continue;
		buf_adds(out,
		    "\",\"content\":{\"application/problem+json\":"
		    "{\"schema\":{\"$ref\":"
		    "\"#/components/schemas/problem\"}}");
		if (strcmp(r->answer, "webhook_code") == 0)
			buf_adds(out,
			    ",\"application/json\":{\"schema\":{\"$ref\":"
			    "\"#/components/schemas/webhook_code\"}}");
		buf_adds(out, "}}");
	}
}

static void
who(struct buf *out, const struct route *r)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = { { WHO_USER, "user" }, { WHO_SERVICE, "service" },
		{ WHO_ADMIN, "admin" }, { WHO_ANYONE, "anyone" },
		{ WHO_LOCAL, "local" } };
	const char *comma = "";

	buf_adds(out, ",\"x-florin-who\":[");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (r->who & words[i].bit) {
			buf_printf(out, "%s\"%s\"", comma, words[i].word);
			comma = ",";
		}
	buf_printf(out, "],\"x-florin-scoped\":%s",
	    r->flags & ROUTE_SCOPED ? "true" : "false");
}

/* The noun of a path: its tag. */
static void
tag(struct buf *out, const struct route *r)
{
	const char *noun = strncmp(r->path, "/api/", 5) == 0 ? r->path + 5
							     : "local/";

	buf_printf(out, "%.*s", (int)strcspn(noun, "/"), noun);
}

static void
operation(struct buf *out, const struct route *r)
{
	buf_adds(out, "\"");
	for (const char *p = r->method; *p != '\0'; p++)
		buf_printf(out, "%c", tolower((unsigned char)*p));
	buf_adds(out, "\":{\"operationId\":\"");
	operation_id(out, r);
	buf_adds(out, "\",\"summary\":\"");
	operation_id(out, r);
	buf_adds(out, "\",\"tags\":[\"");
	tag(out, r);
	buf_adds(out, "\"]");
	who(out, r);
	if (!needs_token(r))
		buf_adds(out, ",\"security\":[]");
	parameters(out, r);
	request_body(out, r);
	buf_adds(out, ",\"responses\":{");
	success(out, r);
	refusals(out, r);
	buf_adds(out, "}}");
}

/* ---- the document ---- */

static bool
is_shown(const struct route *r)
{
	return !(r->flags & ROUTE_INTERNAL);
}

static bool
is_first_of_path(size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_shown(route_at(i)) &&
		    strcmp(route_at(i)->path, route_at(index)->path) == 0)
			return false;
	return is_shown(route_at(index));
}

static void
paths(struct buf *out)
{
	const char *comma = "";

	for (size_t i = 0; i < route_count(); i++) {
		const char *inner = "";

		if (!is_first_of_path(i))
			continue;
		buf_printf(out, "%s\"%s\":{", comma, route_at(i)->path);
		comma = ",";
		for (size_t k = i; k < route_count(); k++) {
			if (!is_shown(route_at(k)) ||
			    strcmp(route_at(k)->path, route_at(i)->path) != 0)
				continue;
			buf_adds(out, inner);
			operation(out, route_at(k));
			inner = ",";
		}
		buf_adds(out, "}");
	}
}

static void
schemas(struct buf *out)
{
	const char *comma = "";

	for (const struct shape *s = shapes; s->name != NULL; s++) {
		buf_printf(out, "%s\"%s\":", comma, s->name);
		schema_of_shape(out, s);
		comma = ",";
	}
}

void
openapi_print(struct buf *out)
{
	buf_adds(out,
	    "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Florin\","
	    "\"version\":\"" PACKAGE_VERSION "\","
	    "\"summary\":\"Credits, wallets and memberships\","
	    "\"license\":{\"name\":\"Apache-2.0\","
	    "\"identifier\":\"Apache-2.0\"}},"
	    "\"servers\":[{\"url\":\"/\"}],"
	    "\"security\":[{\"bearer\":[]}],\"paths\":{");
	paths(out);
	buf_adds(out,
	    "},\"components\":{\"securitySchemes\":{\"bearer\":"
	    "{\"type\":\"http\",\"scheme\":\"bearer\","
	    "\"bearerFormat\":\"JWT\"}},\"schemas\":{");
	schemas(out);
	buf_adds(out, "}}}");
}
