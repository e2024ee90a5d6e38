/*
 * A body's text as json-c's objects, after the strict scan.
 */
#include "input.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

/* The name of the second of two equal members; it passed the scan. */
static void
duplicate_error(const char *data, size_t len, size_t offset,
    struct input_errors *errors)
{
	char name[ERROR_FIELD_BYTES_MAX + 1] = "";
	size_t end = offset + 1;

	while (end < len && data[end] != '"')
		end += data[end] == '\\' ? 2 : 1;
	if (!json_unquote((struct json_slice){ data + offset,
			      end + 1 - offset },
		name, sizeof(name)))
		strcpy(name, "body");
	input_error(errors, name, "duplicate", "is named twice");
}

bool
body_parse(struct json_object **body, const char *data, size_t len,
    struct input_errors *errors)
{
	struct json_tokener *parser;
	enum json_fault fault;
	size_t offset;
	char *text;

	*body = NULL;
	if (len == 0)
		return true;
	fault = json_scan(data, len, &offset);
	if (fault == JSON_DUPLICATE) {
		duplicate_error(data, len, offset, errors);
		return false;
	}
	if (fault != JSON_OK) {
		struct buf detail = { 0 };

		buf_printf(&detail, "byte %zu: %s", offset,
		    json_fault_text(fault));
		input_error(errors, "body", "json", detail.data);
		buf_free(&detail);
		return false;
	}
	parser = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (parser == NULL)
		abort();
	text = json_join_pairs(data, &len);
	*body = json_tokener_parse_ex(parser, text, (int)len);
	free(text);
	json_tokener_free(parser);
	if (json_object_is_type(*body, json_type_object))
		return true;
	json_object_put(*body);
	*body = NULL;
	input_error(errors, "body", "type", "must be an object");
	return false;
}

void
body_free(struct json_object *body)
{
	json_object_put(body);
}
