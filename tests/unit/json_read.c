#include "json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static struct json_slice
slice(const char *text)
{
	return (struct json_slice){ text, strlen(text) };
}

static void
walks_objects(void)
{
	static const char text[] =
	    " { \"a\" : 1 ,\"b\":[1,{\"x\":\"}\"},\"]\"], \"c\\\"\":{} ,"
	    "\"d\":\"\\\\\" , \"e\":-1.5e3}\n";
	static const char *const expected[][2] = {
		{ "\"a\"", "1" },
		{ "\"b\"", "[1,{\"x\":\"}\"},\"]\"]" },
		{ "\"c\\\"\"", "{}" },
		{ "\"d\"", "\"\\\\\"" },
		{ "\"e\"", "-1.5e3" },
	};
	struct json_slice name, value;
	const char *cursor = NULL;
	char copy[64];

	for (size_t i = 0; i < LENGTH(expected); i++) {
		CU_ASSERT_TRUE(
		    json_next_member(slice(text), &cursor, &name, &value));
		snprintf(copy, sizeof(copy), "%.*s", (int)name.len, name.data);
		CHECK_TEXT(copy, expected[i][0]);
		snprintf(copy, sizeof(copy), "%.*s", (int)value.len,
		    value.data);
		CHECK_TEXT(copy, expected[i][1]);
	}
	CU_ASSERT_FALSE(json_next_member(slice(text), &cursor, &name, &value));
	cursor = NULL;
	CU_ASSERT_FALSE(json_next_member(slice("{ }"), &cursor, &name, &value));
	CU_ASSERT_FALSE(json_next_member(slice("[1]"), &cursor, &name, &value));
	CU_ASSERT_FALSE(
	    json_next_member(slice("\"{\""), &cursor, &name, &value));
}

static void
walks_arrays(void)
{
	static const char *const expected[] = { "1", "\",\"", "[2,3]",
		"{\"a\":[]}", "null" };
	struct json_slice value,
	    array = slice("[ 1 ,\",\",[2,3], {\"a\":[]} ,null ]");
	const char *cursor = NULL;
	char copy[64];

	for (size_t i = 0; i < LENGTH(expected); i++) {
		CU_ASSERT_TRUE(json_next_element(array, &cursor, &value));
		snprintf(copy, sizeof(copy), "%.*s", (int)value.len,
		    value.data);
		CHECK_TEXT(copy, expected[i]);
	}
	CU_ASSERT_FALSE(json_next_element(array, &cursor, &value));
	cursor = NULL;
	CU_ASSERT_FALSE(json_next_element(slice("[]"), &cursor, &value));
	CU_ASSERT_FALSE(json_next_element(slice("{}"), &cursor, &value));
}

static void
unescapes(void)
{
	char out[16];

	CU_ASSERT_TRUE(json_unquote(slice("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	    out, sizeof(out)));
	CHECK_TEXT(out, "\"\\/\b\f\n\r\t");
	CU_ASSERT_TRUE(json_unquote(slice("\"\\u0041\\u00e9\\u20ac\\ud83d"
					  "\\ude00\\uDBFF\\uDFFF\""),
	    out, sizeof(out)));
	CHECK_TEXT(out,
	    "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf");
	CU_ASSERT_TRUE(json_unquote(slice("\"\""), out, sizeof(out)));
	CHECK_TEXT(out, "");
	CU_ASSERT_TRUE(
	    json_unquote(slice("\"\\u00AF\\u00fa\""), out, sizeof(out)));
	CHECK_TEXT(out, "\xc2\xaf\xc3\xba");
	/* no string, or too long for its place */
	CU_ASSERT_FALSE(json_unquote(slice("12"), out, sizeof(out)));
	CU_ASSERT_FALSE(json_unquote(slice("null"), out, sizeof(out)));
	CU_ASSERT_FALSE(
	    json_unquote((struct json_slice){ NULL, 0 }, out, sizeof(out)));
	CU_ASSERT_TRUE(json_unquote(slice("\"abc\""), out, 4));
	CU_ASSERT_FALSE(json_unquote(slice("\"abcd\""), out, 4));
	/* escapes count as what they say */
	CU_ASSERT_TRUE(json_unquote(slice("\"\\u0061\\u0062\""), out, 3));
	CHECK_TEXT(out, "ab");
}

static void
finds_members(void)
{
	struct json_slice object = slice(
	    "{\"a\":{\"b\":1},\"\\u0062\":2,\"b \":3,\"\":4}");

	CU_ASSERT_EQUAL(*json_member(object, "b").data, '2');
	CU_ASSERT_EQUAL(*json_member(object, "").data, '4');
	CU_ASSERT_EQUAL(json_member(object, "a").len, 7);
	CU_ASSERT_PTR_NULL(json_member(object, "c").data);
	CU_ASSERT_PTR_NULL(json_member(slice("[\"a\"]"), "a").data);
	CU_ASSERT_TRUE(json_string_is(slice("\"\\u0061b\""), "ab"));
	CU_ASSERT_FALSE(json_string_is(slice("\"ab\""), "a"));
	CU_ASSERT_FALSE(json_string_is(slice("\"a\""), "ab"));
	CU_ASSERT_FALSE(json_string_is(slice("1"), "1"));
}

/* Every pair, escaped, is the same text as the code point itself. */
static void
joins_surrogate_pairs(void)
{
	int wrong = 0;

	for (unsigned code = 0x10000; code <= 0x10ffff; code += 7) {
		char text[32], plain[8];
		unsigned rest = code - 0x10000;
		size_t len = (size_t)snprintf(text, sizeof(text),
		    "\"\\\\u\\u%04x\\u%04x\"", 0xd800 + (rest >> 10),
		    0xdc00 + (rest & 0x3ff));
		char *joined = json_join_pairs(text, &len);

		plain[0] = (char)(0xf0 | code >> 18);
		plain[1] = (char)(0x80 | (code >> 12 & 0x3f));
		plain[2] = (char)(0x80 | (code >> 6 & 0x3f));
		plain[3] = (char)(0x80 | (code & 0x3f));
		plain[4] = '\0';
		wrong += strncmp(joined, "\"\\\\u", 4) != 0 ||
		    strncmp(joined + 4, plain, 4) != 0 || len != 9;
		free(joined);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

CU_TestInfo json_read_tests[] = {
	{ "joins surrogate pairs", joins_surrogate_pairs },
	{ "walks objects", walks_objects },
	{ "walks arrays", walks_arrays },
	{ "unescapes strings", unescapes },
	{ "finds members", finds_members },
	CU_TEST_INFO_NULL,
};
