#include "input.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

static void write_value(struct buf *out, struct json_object *json);

static int
compare_names(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static void
write_object(struct buf *out, struct json_object *json)
{
	size_t count = (size_t)json_object_object_length(json), at = 0;
	const char **names = malloc((count + 1) * sizeof(*names));

	if (names == NULL)
		abort();
	json_object_object_foreach(json, name, value)
	{
		(void)value;
		names[at++] = name;
	}
	qsort(names, count, sizeof(*names), compare_names);
	buf_adds(out, "{");
	for (size_t i = 0; i < count; i++) {
		struct json_object *member = NULL;

		buf_adds(out, i == 0 ? "" : ",");
		buf_add_json(out, names[i]);
		buf_adds(out, ":");
		json_object_object_get_ex(json, names[i], &member);
		write_value(out, member);
	}
	buf_adds(out, "}");
	free(names);
}

static void
write_array(struct buf *out, struct json_object *json)
{
	buf_adds(out, "[");
	for (size_t i = 0; i < json_object_array_length(json); i++) {
		buf_adds(out, i == 0 ? "" : ",");
		write_value(out, json_object_array_get_idx(json, i));
	}
	buf_adds(out, "]");
}

/* The scan before json-c limits the depth of this recursion. */
static void
write_value(struct buf *out, struct json_object *json)
{
	switch (json_object_get_type(json)) {
	case json_type_object:
		write_object(out, json);
		break;
	case json_type_array:
		write_array(out, json);
		break;
	case json_type_string:
		buf_add_json(out, json_object_get_string(json));
		break;
	default:
		/* null, booleans, and numbers in the text they came in */
		buf_adds(out,
		    json_object_to_json_string_ext(json,
			JSON_C_TO_STRING_PLAIN));
	}
}

const char *
input_json(struct arena *a, struct json_object *json)
{
	struct buf out = { 0 };
	const char *text;

	write_value(&out, json);
	text = arena_copy(a, out.data, out.len);
	buf_free(&out);
	return text;
}

bool
input_has_fraction(struct json_object *json)
{
	if (json_object_is_type(json, json_type_array))
		for (size_t i = 0; i < json_object_array_length(json); i++)
			if (input_has_fraction(
				json_object_array_get_idx(json, i)))
				return true;
	if (json_object_is_type(json, json_type_object)) {
		json_object_object_foreach(json, name, value)
		{
			(void)name;
			if (input_has_fraction(value))
				return true;
		}
	}
	return json_object_is_type(json, json_type_double);
}

size_t
input_count(struct json_object *array)
{
	return json_object_is_type(array, json_type_array)
	    ? json_object_array_length(array)
	    : 0;
}

struct json_object *
input_element(struct json_object *array, size_t i)
{
	return json_object_array_get_idx(array, i);
}

struct json_object *
input_member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, name, &value);
	return value;
}

const char *
input_string(struct json_object *string)
{
	return json_object_is_type(string, json_type_string)
	    ? json_object_get_string(string)
	    : NULL;
}

bool
input_is_object(struct json_object *json)
{
	return json_object_is_type(json, json_type_object);
}
