#include "util/buf.h"

#include <string.h>

#include "unit.h"

static void
grows_and_stays_terminated(void)
{
	struct buf b = { 0 };

	for (int i = 0; i < 10000; i++) {
		buf_add(&b, "abc", 3);
		if (b.data[b.len] != '\0' || b.len >= b.size)
			CU_FAIL("not terminated");
	}
	CU_ASSERT_EQUAL(b.len, 30000);
	CU_ASSERT_EQUAL(strlen(b.data), 30000);
	buf_free(&b);
	CU_ASSERT_PTR_NULL(b.data);
}

static void
empty_additions_terminate(void)
{
	struct buf b = { 0 };

	buf_add(&b, NULL, 0);
	CHECK_TEXT(b.data, "");
	buf_reset(&b);
	buf_adds(&b, "");
	buf_printf(&b, "%s", "");
	CHECK_TEXT(b.data, "");
	buf_free(&b);
	buf_reset(&b); /* of an empty one */
	CU_ASSERT_PTR_NULL(b.data);
}

static void
prints_across_its_size(void)
{
	struct buf b = { 0 };

	for (int i = 0; i < 300; i++)
		buf_adds(&b, "x");
	buf_printf(&b, "%d-%s", 42, "end");
	CHECK_TEXT(b.data + 300, "42-end");
	buf_printf(&b, "%5000d", 1);
	CU_ASSERT_EQUAL(b.len, 5306);
	buf_reset(&b);
	CU_ASSERT_EQUAL(b.len, 0);
	CHECK_TEXT(b.data, "");
	buf_free(&b);
}

static void
writes_json_strings(void)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{ "", "\"\"" },
		{ NULL, "null" },
		{ "plain", "\"plain\"" },
		{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
		{ "\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"" },
		{ "\x01\x0b\x1f", "\"\\u0001\\u000b\\u001f\"" },
		{ "\x7f", "\"\\u007f\"" },
		{ "a\xc2\x85z\xc2\xa0", "\"a\\u0085z\xc2\xa0\"" },
		{ "\xe7\xa7\xaf\xe5\x88\x86", "\"\xe7\xa7\xaf\xe5\x88\x86\"" },
		{ "\xf0\x9f\x98\x80!", "\"\xf0\x9f\x98\x80!\"" },
		{ "a\xff"
		  "b",
		    "\"a\xef\xbf\xbd"
		    "b\"" },
		{ "\xc3", "\"\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < LENGTH(cases); i++) {
		buf_reset(&b);
		buf_add_json(&b, cases[i].text);
		CHECK_TEXT(b.data, cases[i].json);
	}
	buf_free(&b);
}

static void
percent_encodes(void)
{
	struct buf b = { 0 };

	buf_adds(&b, "x=");
	buf_add_percent(&b, "aZ0-._~ /?&=#%+\n\xc3\xa9");
	CHECK_TEXT(b.data, "x=aZ0-._~%20%2F%3F%26%3D%23%25%2B%0A%C3%A9");
	buf_free(&b);
}

CU_TestInfo buf_tests[] = {
	{ "grows and stays terminated", grows_and_stays_terminated },
	{ "empty additions terminate", empty_additions_terminate },
	{ "prints across its size", prints_across_its_size },
	{ "writes JSON strings", writes_json_strings },
	{ "percent-encodes", percent_encodes },
	CU_TEST_INFO_NULL,
};
