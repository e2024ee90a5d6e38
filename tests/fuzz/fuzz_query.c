/*
 * Query strings and paths as they come in a request: what passes is UTF-8
 * without NUL, and no two parameters have one name.
 */
#include "fuzz.h"

#include "input.h"
#include "route.h"
#include "util/text.h"

static const struct field fields[] = {
	{ "limit", FIELD_INT, IN_QUERY, false, 1, 200, NULL },
	{ "cursor", FIELD_CURSOR, IN_QUERY, false, 1, 512, NULL },
	{ "kind", FIELD_CHOICE, IN_QUERY, false, 0, 0, "grant|consume" },
	{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, NULL },
	{ "all", FIELD_BOOL, IN_QUERY, false, 0, 0, NULL },
	{ "reference_id", FIELD_ID, IN_QUERY, false, 1, 128, NULL },
	{ NULL, FIELD_INT, IN_QUERY, false, 0, 0, NULL },
};

static void
check_query(const char *text)
{
	const char *values[ROUTE_FIELDS_MAX] = { NULL };
	struct input_errors errors = { 0 };
	struct arena arena = { 0 };
	struct query q;

	if (query_parse(&q, &arena, text, &errors)) {
		MUST(errors.count == 0);
		MUST(q.count <= QUERY_PARAMS_MAX);
		for (size_t i = 0; i < q.count; i++) {
			MUST(text_code_points(q.params[i].name,
				 strlen(q.params[i].name)) >= 0);
			MUST(text_code_points(q.params[i].value,
				 strlen(q.params[i].value)) >= 0);
			for (size_t j = 0; j < i; j++)
				MUST(strcmp(q.params[i].name,
					 q.params[j].name) != 0);
		}
		if (input_fields(&arena, fields, NULL, NULL, &q, values, NULL,
			&errors)) {
			MUST(errors.count == 0);
			MUST(values[0] == NULL ||
			    (atoi(values[0]) >= 1 && atoi(values[0]) <= 200));
		} else {
			MUST(errors.count > 0);
		}
	} else {
		MUST(errors.count > 0);
	}
	if (errors.count > 0)
		MUST(text_code_points(errors.json.data, errors.json.len) > 0);
	buf_free(&errors.json);
	arena_free(&arena);
}

static void
check_path(const char *path)
{
	struct route_match match;
	size_t len = strlen(path);

	route_find("GET", path, &match);
	MUST((match.route != NULL) == (match.err == ERR_NONE));
	for (size_t i = 0; i < match.params_count; i++) {
		char *value = text_of((const uint8_t *)match.params[i].value,
		    match.params[i].len);
		ssize_t decoded;

		MUST(match.params[i].value >= path &&
		    match.params[i].value + match.params[i].len <= path + len);
		decoded = text_percent_decode(value, match.params[i].len,
		    false);
		MUST(decoded <= (ssize_t)match.params[i].len);
		MUST(decoded < 0 || strlen(value) == (size_t)decoded);
		free(value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	if (text[0] == '/')
		check_path(text);
	else
		check_query(text);
	free(text);
	return 0;
}
