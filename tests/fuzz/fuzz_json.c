/*
 * json_scan: what it accepts is read by json-c, with the same members in the
 * same order, and is accepted again when json-c writes it.
 */
#include "fuzz.h"

#include <json-c/json.h>

#include "json_scan.h"

static void
compare_members(struct json_slice text, struct json_object *json)
{
	struct json_slice name, value;
	const char *cursor = NULL;
	char *copy = malloc(text.len + 1);
	int count = 0;

	while (json_next_member(text, &cursor, &name, &value)) {
		struct json_object *member;

		MUST(value.len > 0);
		MUST(json_scan(value.data, value.len, NULL) == JSON_OK);
		MUST(json_unquote(name, copy, text.len + 1));
		MUST(json_object_object_get_ex(json, copy, &member));
		if (json_object_is_type(member, json_type_string)) {
			MUST(json_unquote(value, copy, text.len + 1));
			MUST(strcmp(copy, json_object_get_string(member)) == 0);
		}
		MUST(json_object_is_type(member, json_type_null) ==
		    (*value.data == 'n'));
		count++;
	}
	if (json_object_is_type(json, json_type_object))
		MUST(count == json_object_object_length(json));
	cursor = NULL;
	for (count = 0; json_next_element(text, &cursor, &value); count++)
		MUST(json_scan(value.data, value.len, NULL) == JSON_OK);
	if (json_object_is_type(json, json_type_array))
		MUST((size_t)count == json_object_array_length(json));
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t offset = 0;
	enum json_fault fault = json_scan((const char *)data, size, &offset);
	struct json_tokener *parser;
	struct json_object *json;
	const char *again;
	char *text;

	MUST(offset <= size);
	MUST(json_fault_text(fault) != NULL);
	if (fault != JSON_OK)
		return 0;
	text = text_of(data, size);
	MUST(strlen(text) == size);
	parser = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	json = json_tokener_parse_ex(parser, text, (int)size + 1);
	MUST(json_tokener_get_error(parser) == json_tokener_success);
	json_tokener_free(parser);
	compare_members((struct json_slice){ text, size }, json);
	again = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	MUST(json_scan(again, strlen(again), NULL) == JSON_OK);
	json_object_put(json);
	free(text);
	return 0;
}
