/*
 * What a request says: query and body, checked strictly against the fields
 * of its row.  Nothing that passed here can surprise SQL.
 */
#ifndef FLORIN_INPUT_H
#define FLORIN_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_scan.h"
#include "route.h"
#include "util/arena.h"
#include "util/buf.h"

struct json_object;

enum {
	ERROR_FIELD_BYTES_MAX = 128, /* a client's own word comes back short */
	BODY_BYTES_MAX = 256 * 1024,
	QUERY_PARAMS_MAX = 32
};

/* A list of {"field","code","detail"}; JSON text grows in `json`. */
struct input_errors {
	struct buf json; /* "[{...},{...}" without the closing bracket */
	size_t count;
	char first[200]; /* "field: detail" of the first */
};
/* Codes: "required", "unknown", "duplicate", "type", "range", "length",
 * "format", "choice", "json". */
void input_error(struct input_errors *errors, const char *field,
    const char *code, const char *detail);

struct query {
	struct {
		char *name, *value; /* decoded, NUL-terminated, valid UTF-8 */
	} params[QUERY_PARAMS_MAX];
	size_t count;
};

/* Split and decode a query string into the arena.  Doubled parameters, bad
 * escapes, NUL, bad UTF-8 and too many parameters are errors. */
bool query_parse(struct query *q, struct arena *a, const char *text,
    struct input_errors *errors);

/* Parse a body into *body (the caller does json_object_put; NULL for an
 * empty body).  It must be an object. */
bool body_parse(struct json_object **body, const char *data, size_t len,
    struct input_errors *errors);

void body_free(struct json_object *body);

/* Read the fields of one place (IN_BODY from body, IN_QUERY from query;
 * either may be NULL; IN_PATH values are already in `values`): values[i] is
 * the text for SQL of fields[i], NULL when absent or null.  Checks type and
 * limits of each, and that nothing unknown stands there; `extra`, if not
 * NULL, is one more field (user_id) whose value goes to *extra_value.
 * Returns false after adding to errors. */
bool input_fields(struct arena *a, const struct field *fields,
    const struct field *extra, struct json_object *body,
    const struct query *query, const char **values, const char **extra_value,
    struct input_errors *errors);

/* Check one path or query text against a field; the value for SQL or NULL. */
const char *input_text(struct arena *a, const struct field *field,
    const char *text, size_t len, struct input_errors *errors);

/* The text of a parsed value for SQL: no blanks, members sorted by name, so
 * that a body that was written anew has the same hash; numbers as they came
 * (json-c keeps the text of those with a point or an exponent). */
const char *input_json(struct arena *a, struct json_object *json);

/* Does it hold a number with a point or an exponent, however deep? */
bool input_has_fraction(struct json_object *json);

/* The elements of a parsed array; of anything else there are none. */
size_t input_count(struct json_object *array);
struct json_object *input_element(struct json_object *array, size_t i);

/* A member of a parsed object, NULL if there is none (or it is null). */
struct json_object *input_member(struct json_object *object, const char *name);

/* The text of a parsed string, NULL if it is none. */
const char *input_string(struct json_object *string);

bool input_is_object(struct json_object *json);

/* SHA-256 of a function's name and its values in order, each with its length
 * before it (NULL has a mark of its own): what makes two requests the same.
 * `out` gets "\x" and 64 hex digits: a bytea literal. */
enum { INPUT_HASH_SIZE = 67 };
void input_hash(char out[INPUT_HASH_SIZE], const char *function,
    const char *const *values, size_t count);

/* The value of an Idempotency-Key header: 1..255 visible ASCII, raw or in
 * double quotes ("k" and k are one).  NULL if it is not that. */
const char *input_key(struct arena *a, const char *header);

#endif
