#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "util/text.h"
#include "util/utime.h"

enum { ERRORS_MAX = 16, INTEGER_DIGITS_MAX = 16, NAME_MAX_IN_ARRAY = 64 };

void
input_error(struct input_errors *errors, const char *field, const char *code,
    const char *detail)
{
	char name[ERROR_FIELD_BYTES_MAX + 1];

	if (errors->count == ERRORS_MAX)
		return;
	strncpy(name, field, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	if (errors->count == 0)
		snprintf(errors->first, sizeof(errors->first), "%s: %s", name,
		    detail);
	buf_adds(&errors->json, errors->count++ == 0 ? "[" : ",");
	buf_adds(&errors->json, "{\"field\":");
	buf_add_json(&errors->json, name);
	buf_adds(&errors->json, ",\"code\":");
	buf_add_json(&errors->json, code);
	buf_adds(&errors->json, ",\"detail\":");
	buf_add_json(&errors->json, detail);
	buf_adds(&errors->json, "}");
}

/* Add an error of a field; NULL, so that checks can return it. */
static const char *
refuse(struct input_errors *errors, const struct field *field, const char *code,
    const char *detail)
{
	input_error(errors, field->name, code, detail);
	return NULL;
}

static const char *
wrong_type(struct input_errors *errors, const struct field *field)
{
	switch (field->type) {
	case FIELD_INT:
		return refuse(errors, field, "type", "must be an integer");
	case FIELD_BOOL:
		return refuse(errors, field, "type", "must be true or false");
	case FIELD_OBJECT:
		return refuse(errors, field, "type", "must be an object");
	case FIELD_ARRAY:
	case FIELD_LIST:
	case FIELD_NAMES:
		return refuse(errors, field, "type", "must be an array");
	default:
		return refuse(errors, field, "type", "must be a string");
	}
}

static const char *
check_int(struct arena *a, const struct field *field, long long value,
    struct input_errors *errors)
{
	if (value < field->min || value > field->max)
		return refuse(errors, field, "range",
		    arena_printf(a, "must be between %lld and %lld", field->min,
			field->max));
	return arena_printf(a, "%lld", value);
}

/* An integer in a query: a sign or none, no leading zeros, no "-0". */
static const char *
check_int_text(struct arena *a, const struct field *field, const char *text,
    size_t len, struct input_errors *errors)
{
	size_t sign = len > 0 && text[0] == '-' ? 1 : 0;
	size_t digits = strspn(text + sign, "0123456789");

	if (digits == 0 || sign + digits != len ||
	    digits > INTEGER_DIGITS_MAX || (text[sign] == '0' && len > 1))
		return wrong_type(errors, field);
	return check_int(a, field, strtoll(text, NULL, 10), errors);
}

static bool
has_only(const char *text, size_t len, const char *allowed)
{
	return strspn(text, allowed) == len;
}

#define LOWER_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* One of the words of "a|b|c". */
static bool
is_choice(const char *choices, const char *text, size_t len)
{
	while (true) {
		size_t word = strcspn(choices, "|");

		if (word == len && memcmp(choices, text, len) == 0)
			return true;
		if (choices[word] == '\0')
			return false;
		choices += word + 1;
	}
}

/* Something, an @, something; no blanks. */
static bool
is_email(const char *text, size_t len)
{
	const char *at = strrchr(text, '@');

	return at != NULL && at > text && at[1] != '\0' &&
	    strchr(text, ' ') == NULL && !text_has_control(text, len);
}

/* "2026-02": a year but 0, a month of it. */
static bool
is_month(const char *text, size_t len)
{
	int month = len == 7 ? atoi(text + 5) : 0;

	return strspn(text, "0123456789") == 4 && text[4] == '-' &&
	    strspn(text + 5, "0123456789") == 2 && month >= 1 && month <= 12 &&
	    atoi(text) > 0;
}

/* What is wrong with the form of a text, NULL if nothing. */
static const char *
text_fault(const struct field *field, const char *text, size_t len)
{
	switch (field->type) {
	case FIELD_ID:
		return text_has_control(text, len)
		    ? "must not hold control characters"
		    : NULL;
	case FIELD_NAME:
		return has_only(text, len, LOWER_DIGITS "_.-")
		    ? NULL
		    : "may only hold a-z 0-9 _ . -";
	case FIELD_CURRENCY:
		return has_only(text, len, UPPER)
		    ? NULL
		    : "must be a currency like EUR";
	case FIELD_CURSOR:
		return has_only(text, len, UPPER LOWER_DIGITS "_-")
		    ? NULL
		    : "is not a cursor of this list";
	case FIELD_MONTH:
		return is_month(text, len) ? NULL : "must be YYYY-MM";
	case FIELD_EMAIL:
		return is_email(text, len) ? NULL : "must be an e-mail address";
	default:
		return NULL;
	}
}

/* Types whose value is a text with limits of its length. */
static const char *
check_plain(struct arena *a, const struct field *field, const char *text,
    size_t len, struct input_errors *errors)
{
	ssize_t points = text_code_points(text, len);
	const char *fault;

	if (points < 0 || strlen(text) != len)
		return refuse(errors, field, "format",
		    "must be UTF-8 text without U+0000");
	if (points < field->min || points > field->max)
		return refuse(errors, field, "length",
		    arena_printf(a, "must be %lld to %lld characters long",
			field->min, field->max));
	if ((fault = text_fault(field, text, len)) != NULL)
		return refuse(errors, field, "format", fault);
	return arena_copy(a, text, len);
}

/* A time without what is finer than a microsecond: the database would round
 * it, perhaps out of its year. */
static const char *
cut_time(char *text)
{
	char *dot = strchr(text, '.');
	size_t digits = dot != NULL ? strspn(dot + 1, "0123456789") : 0;

	if (digits > 6)
		memmove(dot + 7, dot + 1 + digits, strlen(dot + digits));
	return text;
}

/* A text that stood in a query, a path or a JSON string. */
static const char *
check_text(struct arena *a, const struct field *field, const char *text,
    size_t len, struct input_errors *errors)
{
	switch (field->type) {
	case FIELD_USER_ID:
		if (!text_is_user_id(text, len))
			return refuse(errors, field, "format",
			    "must be 1 to 128 bytes without control "
			    "characters");
		return arena_copy(a, text, len);
	case FIELD_CHOICE:
		if (!is_choice(field->choices, text, len))
			return refuse(errors, field, "choice",
			    arena_printf(a, "must be one of %s",
				field->choices));
		return arena_copy(a, text, len);
	case FIELD_TIME:
		if (!time_parse_rfc3339(text, len, NULL))
			return refuse(errors, field, "format",
			    "must be an RFC 3339 time with offset");
		return cut_time(arena_copy(a, text, len));
	case FIELD_TEXT:
	case FIELD_ID:
	case FIELD_NAME:
	case FIELD_CURRENCY:
	case FIELD_CURSOR:
	case FIELD_MONTH:
	case FIELD_EMAIL:
		return check_plain(a, field, text, len, errors);
	default:
		return wrong_type(errors, field);
	}
}

const char *
input_text(struct arena *a, const struct field *field, const char *text,
    size_t len, struct input_errors *errors)
{
	if (field->type == FIELD_INT)
		return check_int_text(a, field, text, len, errors);
	if (field->type != FIELD_BOOL)
		return check_text(a, field, text, len, errors);
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return wrong_type(errors, field);
	return arena_copy(a, text, len);
}

static bool
is_name(struct json_object *item)
{
	const char *name;
	size_t len;

	if (!json_object_is_type(item, json_type_string))
		return false;
	name = json_object_get_string(item);
	len = (size_t)json_object_get_string_len(item);
	return len >= 1 && len <= NAME_MAX_IN_ARRAY &&
	    has_only(name, len, LOWER_DIGITS "_.-");
}

/* A PostgreSQL array literal; the quotes keep the name null a name. */
static const char *
check_names(struct arena *a, const struct field *field,
    struct json_object *array, struct input_errors *errors)
{
	struct buf literal = { 0 };
	const char *value;

	buf_adds(&literal, "{");
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		struct json_object *item = json_object_array_get_idx(array, i);

		if (!is_name(item)) {
			buf_free(&literal);
			return refuse(errors, field, "format",
			    "each must be "
			    "1 to 64 characters of a-z 0-9 _ . -");
		}
		buf_printf(&literal, "%s\"%s\"", i == 0 ? "" : ",",
		    json_object_get_string(item));
	}
	buf_adds(&literal, "}");
	value = arena_copy(a, literal.data, literal.len);
	buf_free(&literal);
	return value;
}

static const char *
check_array(struct arena *a, const struct field *field,
    struct json_object *array, struct input_errors *errors)
{
	long long count = (long long)json_object_array_length(array);

	if (count < field->min || count > field->max)
		return refuse(errors, field, "length",
		    arena_printf(a, "must have %lld to %lld elements",
			field->min, field->max));
	if (field->type == FIELD_NAMES)
		return check_names(a, field, array, errors);
	if (field->type == FIELD_LIST)
		return "";
	if (input_has_fraction(array))
		return refuse(errors, field, "type",
		    "numbers in it must be integers");
	return input_json(a, array);
}

static enum json_type
json_type_of(enum field_type type)
{
	switch (type) {
	case FIELD_INT:
		return json_type_int;
	case FIELD_BOOL:
		return json_type_boolean;
	case FIELD_OBJECT:
		return json_type_object;
	case FIELD_ARRAY:
	case FIELD_LIST:
	case FIELD_NAMES:
		return json_type_array;
	default:
		return json_type_string;
	}
}

/* The type is compared before any getter is called: they convert. */
static const char *
check_json(struct arena *a, const struct field *field, struct json_object *json,
    struct input_errors *errors)
{
	if (field->type == FIELD_JSON)
		return input_json(a, json);
	if (!json_object_is_type(json, json_type_of(field->type)))
		return wrong_type(errors, field);
	switch (field->type) {
	case FIELD_INT:
		return check_int(a, field, json_object_get_int64(json), errors);
	case FIELD_BOOL:
		return json_object_get_boolean(json) ? "true" : "false";
	case FIELD_ARRAY:
	case FIELD_LIST:
	case FIELD_NAMES:
		return check_array(a, field, json, errors);
	case FIELD_OBJECT:
		return input_json(a, json);
	default:
		return check_text(a, field, json_object_get_string(json),
		    (size_t)json_object_get_string_len(json), errors);
	}
}

static const char *
query_value(const struct query *query, const char *name)
{
	for (size_t i = 0; i < query->count; i++)
		if (strcmp(query->params[i].name, name) == 0)
			return query->params[i].value;
	return NULL;
}

/* One field; false after adding an error. */
static bool
read_field(struct arena *a, const struct field *field, struct json_object *body,
    const struct query *query, const char **value, struct input_errors *errors)
{
	struct json_object *json = NULL;
	const char *text;

	*value = NULL;
	if (field->in == IN_QUERY && query != NULL) {
		text = query_value(query, field->name);
		if (text != NULL) {
			*value = input_text(a, field, text, strlen(text),
			    errors);
			return *value != NULL;
		}
	}
	if (field->in == IN_BODY && body != NULL) {
		json_object_object_get_ex(body, field->name, &json);
		if (json != NULL) {
			*value = check_json(a, field, json, errors);
			return *value != NULL;
		}
	}
	if (!field->required)
		return true;
	input_error(errors, field->name, "required", "is required");
	return false;
}

/* Does a field of this name stand in the body?  Not the one that takes all
 * other members: it has no name there. */
static bool
is_body_field(const struct field *fields, const char *name)
{
	for (size_t i = 0; i < ROUTE_FIELDS_MAX && fields[i].name != NULL; i++)
		if (fields[i].in == IN_BODY &&
		    fields[i].type != FIELD_MEMBERS &&
		    strcmp(fields[i].name, name) == 0)
			return true;
	return false;
}

/* All members that no other field names, as an object; false after adding an
 * error.  One that is null is absent. */
static bool
read_members(struct arena *a, const struct field *fields,
    const struct field *field, struct json_object *body, const char **value,
    struct input_errors *errors)
{
	struct json_object *others = json_object_new_object();
	size_t errors_before = errors->count;

	*value = NULL;
	if (body != NULL) {
		json_object_object_foreach(body, name, member)
		{
			if (member == NULL || is_body_field(fields, name))
				continue;
			if (json_object_is_type(member, json_type_double))
				input_error(errors, name, "type",
				    "must be an integer");
			json_object_object_add(others, name,
			    json_object_get(member));
		}
	}
	if (json_object_object_length(others) == 0)
		input_error(errors, field->name, "required",
		    "name at least one more member");
	else
		*value = input_json(a, others);
	json_object_put(others);
	return errors->count == errors_before;
}

static bool
is_known(const struct field *fields, const struct field *extra,
    enum field_in in, const char *name)
{
	if (extra != NULL && extra->in == in && strcmp(extra->name, name) == 0)
		return true;
	for (size_t i = 0; i < ROUTE_FIELDS_MAX && fields[i].name != NULL; i++)
		if (fields[i].in == in &&
		    (fields[i].type == FIELD_MEMBERS ||
			strcmp(fields[i].name, name) == 0))
			return true;
	return false;
}

/* Nothing may stand in body and query that the row does not name. */
static bool
check_unknown(const struct field *fields, const struct field *extra,
    struct json_object *body, const struct query *query,
    struct input_errors *errors)
{
	bool ok = true;

	if (body != NULL) {
		json_object_object_foreach(body, name, value)
		{
			(void)value;
			if (is_known(fields, extra, IN_BODY, name))
				continue;
			input_error(errors, name, "unknown",
			    "there is no such member");
			ok = false;
		}
	}
	for (size_t i = 0; query != NULL && i < query->count; i++) {
		if (is_known(fields, extra, IN_QUERY, query->params[i].name))
			continue;
		input_error(errors, query->params[i].name, "unknown",
		    "there is no such parameter");
		ok = false;
	}
	return ok;
}

bool
input_fields(struct arena *a, const struct field *fields,
    const struct field *extra, struct json_object *body,
    const struct query *query, const char **values, const char **extra_value,
    struct input_errors *errors)
{
	bool ok = true;

	if (extra != NULL)
		ok = read_field(a, extra, body, query, extra_value, errors);
	for (size_t i = 0; i < ROUTE_FIELDS_MAX && fields[i].name != NULL; i++)
		if (fields[i].type == FIELD_MEMBERS
			? !read_members(a, fields, &fields[i], body, &values[i],
			      errors)
			: fields[i].in != IN_PATH &&
			    fields[i].in != IN_HANDLER &&
			    !read_field(a, &fields[i], body, query, &values[i],
				errors))
			ok = false;
	return check_unknown(fields, extra, body, query, errors) && ok;
}

/* Decode one "name=value" that is a copy of its own. */
static bool
decode_param(struct query *q, char *name, struct input_errors *errors)
{
	char *value = strchr(name, '=');
	ssize_t name_len, value_len;

	if (value == NULL)
		value = name + strlen(name);
	else
		*value++ = '\0';
	value_len = text_percent_decode(value, strlen(value), true);
	name_len = text_percent_decode(name, strlen(name), true);
	if (name_len < 0 || text_code_points(name, (size_t)name_len) < 0 ||
	    value_len < 0 || text_code_points(value, (size_t)value_len) < 0) {
		input_error(errors, name_len < 0 ? "query" : name, "format",
		    "must be percent-encoded UTF-8 without U+0000");
		return false;
	}
	if (query_value(q, name) != NULL) {
		input_error(errors, name, "duplicate", "is named twice");
		return false;
	}
	if (q->count == QUERY_PARAMS_MAX) {
		input_error(errors, "query", "length",
		    "has too many parameters");
		return false;
	}
	q->params[q->count].name = name;
	q->params[q->count++].value = value;
	return true;
}

bool
query_parse(struct query *q, struct arena *a, const char *text,
    struct input_errors *errors)
{
	bool ok = true;

	q->count = 0;
	while (*text != '\0') {
		size_t len = strcspn(text, "&");

		if (len > 0 &&
		    !decode_param(q, arena_copy(a, text, len), errors))
			ok = false;
		text += len;
		if (*text == '&')
			text++;
	}
	return ok;
}
