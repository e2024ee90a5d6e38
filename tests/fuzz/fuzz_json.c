/*
 * json_scan: what it accepts is read by json-c, with the same members in the
 * same order, and is accepted again when json-c writes it.
 */
#include "fuzz.h"

#include <json-c/json.h>

#include "input.h"

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

/* What we write for SQL says the same, and is written the same again. */
static void
check_canonical(struct json_object *json)
{
	struct arena arena = { 0 };
	const char *first = input_json(&arena, json);
	struct json_object *again;

	MUST(json_scan(first, strlen(first), NULL) == JSON_OK);
	again = json_tokener_parse(first);
	MUST(strcmp(input_json(&arena, again), first) == 0);
	json_object_put(again);
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t offset = 0;
	enum json_fault fault = json_scan((const char *)data, size, &offset);
	struct json_tokener *parser;
	size_t joined_len = size;
	struct json_object *json;
	char *text, *joined;

	MUST(offset <= size);
	MUST(json_fault_text(fault) != NULL);
	if (fault != JSON_OK)
		return 0;
	text = text_of(data, size);
	MUST(strlen(text) == size);
	parser = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	joined = json_join_pairs(text, &joined_len);
	json = json_tokener_parse_ex(parser, joined, (int)joined_len + 1);
	free(joined);
	MUST(json_tokener_get_error(parser) == json_tokener_success);
	json_tokener_free(parser);
	compare_members((struct json_slice){ text, size }, json);
	check_canonical(json);
	json_object_put(json);
	free(text);
	return 0;
}
