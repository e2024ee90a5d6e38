/*
 * The strict JSON corpus: what RFC 8259 and our limits say about each text.
 * What is accepted must be read by json-c, too, without a loss.
 */
#include "json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "unit.h"
#include "util/buf.h"

struct json_case {
	const char *text;
	enum json_fault fault;
};

/* A copy without a NUL behind it, so that ASan sees a read past its end. */
static enum json_fault
scan_exact(const char *text, size_t len, size_t *offset)
{
	char *exact = malloc(len > 0 ? len : 1);
	enum json_fault fault;

	memcpy(exact, text, len);
	fault = json_scan(exact, len, offset);
	free(exact);
	return fault;
}

static void
check_cases(const struct json_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum json_fault fault = scan_exact(cases[i].text,
		    strlen(cases[i].text), NULL);

		CHECK(fault == cases[i].fault, "<%s>: %s, not: %s",
		    cases[i].text, json_fault_text(cases[i].fault),
		    json_fault_text(fault));
	}
}

static const char *const accepted[] = {
	/* values of each kind, alone */
	"null",
	"true",
	"false",
	"0",
	"-0",
	"1",
	"-1",
	"\"\"",
	"\"a\"",
	"[]",
	"{}",
	" 1 ",
	"\t\r\n[ ]\n",
	"{ }",
	"[[]]",
	"[{}]",
	"{\"a\":[]}",
	/* numbers */
	"10",
	"-10",
	"1234567890123456",
	"-9999999999999999",
	"0.0",
	"-0.0",
	"1.5",
	"1e2",
	"1E2",
	"1e+2",
	"1E-2",
	"0e0",
	"0E+1",
	"123.456e7",
	"1e300",
	"1e-300",
	"1e0000000000300",
	"0.00000000000000000000000000000000000000000000000000000001",
	"[1,2,3]",
	"[-1.5e-3]",
	/* strings */
	"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	"\"\\u0001\"",
	"\"\\u001f\"",
	"\"\\u00e9\"",
	"\"\\uD83D\\uDE00\"",
	"\"\\ud83d\\ude00\"",
	"\"\\uDBFF\\uDFFF\"",
	"\"\\uffff\"",
	"\"\\ud7ff\\ue000\"",
	"\"\xc3\xa9\"",
	"\"\xe7\xa7\xaf\xe5\x88\x86\"",
	"\"\xf0\x9f\x98\x80\"",
	"\"\xf4\x8f\xbf\xbf\"",
	"\"\xef\xbb\xbf\"",
	"\"\x7f\"",
	"\"/\"",
	"\"\xe2\x80\xa8\"",
	"\"// no comment\"",
	"\"[\"",
	"\"\\\\u0000\"",
	"\"\\\\\"",
	/* objects */
	"{\"a\":1}",
	"{\"a\":1,\"b\":2}",
	"{\"\":0}",
	"{\"a\":{\"a\":1}}",
	"[{\"a\":1},{\"a\":1}]",
	"{\"a\":{\"b\":1},\"b\":{\"a\":1}}",
	"{\"a\":1,\"A\":2}",
	"{\"a\":1,\"a \":2}",
	"{ \"a\" : 1 , \"b\" : 2 }",
	"{\"\\u0061\":1,\"\\u0062\":2}",
	"{\"\xc3\xa9\":1,\"e\xcc\x81\":2}",
	"{\"a\\\"b\":1,\"a\\\\\":2}",
	"{\"a\":\"}\",\"b\":\"]\"}",
	/* eight levels */
	"[[[[[[[[]]]]]]]]",
	"[[[[[[[[0]]]]]]]]",
	"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}",
	"[[[[[[[[]]]]]]],[[[[[[[]]]]]]]]",
};

static void
accepts(void)
{
	for (size_t i = 0; i < LENGTH(accepted); i++) {
		struct json_tokener *parser = json_tokener_new_ex(9);
		struct json_object *json;
		enum json_fault fault = scan_exact(accepted[i],
		    strlen(accepted[i]), NULL);

		CHECK(fault == JSON_OK, "<%s>: %s", accepted[i],
		    json_fault_text(fault));
		/* with its NUL: that is how json-c knows a number's end */
		json = json_tokener_parse_ex(parser, accepted[i],
		    (int)strlen(accepted[i]) + 1);
		CHECK(json_tokener_get_error(parser) == json_tokener_success,
		    "json-c reads <%s>", accepted[i]);
		json_object_put(json);
		json_tokener_free(parser);
	}
}

static const struct json_case not_json[] = {
	{ "", JSON_EMPTY },
	{ " ", JSON_EMPTY },
	{ "\t\r\n ", JSON_EMPTY },
	/* structure */
	{ "[", JSON_SYNTAX },
	{ "]", JSON_SYNTAX },
	{ "{", JSON_SYNTAX },
	{ "}", JSON_SYNTAX },
	{ "[}", JSON_SYNTAX },
	{ "{]", JSON_SYNTAX },
	{ "[1", JSON_SYNTAX },
	{ "[1,", JSON_SYNTAX },
	{ "[1,]", JSON_SYNTAX },
	{ "[,1]", JSON_SYNTAX },
	{ "[1,,2]", JSON_SYNTAX },
	{ "[,]", JSON_SYNTAX },
	{ "[1 2]", JSON_SYNTAX },
	{ "[1:2]", JSON_SYNTAX },
	{ "[1;2]", JSON_SYNTAX },
	{ "[[1]", JSON_SYNTAX },
	{ "{\"a\"}", JSON_SYNTAX },
	{ "{\"a\":}", JSON_SYNTAX },
	{ "{\"a\":1,}", JSON_SYNTAX },
	{ "{,\"a\":1}", JSON_SYNTAX },
	{ "{\"a\":1 \"b\":2}", JSON_SYNTAX },
	{ "{\"a\" 1}", JSON_SYNTAX },
	{ "{\"a\",1}", JSON_SYNTAX },
	{ "{\"a\"::1}", JSON_SYNTAX },
	{ "{:1}", JSON_SYNTAX },
	{ "{a:1}", JSON_SYNTAX },
	{ "{1:1}", JSON_SYNTAX },
	{ "{null:1}", JSON_SYNTAX },
	{ "{[]:1}", JSON_SYNTAX },
	{ "{'a':1}", JSON_SYNTAX },
	{ "{\"a\":1", JSON_SYNTAX },
	{ "{\"a\":", JSON_SYNTAX },
	{ "{\"a", JSON_SYNTAX },
	{ "{\"a\":1]", JSON_SYNTAX },
	{ "[\"a\":1]", JSON_SYNTAX },
	{ "{\"a\":1,,\"b\":2}", JSON_SYNTAX },
	/* words */
	{ "nul", JSON_SYNTAX },
	{ "True", JSON_SYNTAX },
	{ "TRUE", JSON_SYNTAX },
	{ "tru", JSON_SYNTAX },
	{ "undefined", JSON_SYNTAX },
	{ "NaN", JSON_SYNTAX },
	{ "nan", JSON_SYNTAX },
	{ "Infinity", JSON_SYNTAX },
	{ "-Infinity", JSON_SYNTAX },
	{ "inf", JSON_SYNTAX },
	{ "[truefalse]", JSON_SYNTAX },
	{ "[nullx]", JSON_SYNTAX },
	/* comments, marks and other dialects */
	{ "/* */1", JSON_SYNTAX },
	{ "[1/**/]", JSON_SYNTAX },
	{ "//\n1", JSON_SYNTAX },
	{ "#\n1", JSON_SYNTAX },
	{ "\xef\xbb\xbf{}", JSON_SYNTAX },
	{ "'a'", JSON_SYNTAX },
	{ "`a`", JSON_SYNTAX },
	{ "\xc2\xa0[]", JSON_SYNTAX },
	{ "\x0c[]", JSON_SYNTAX },
	{ "[\x0b]", JSON_SYNTAX },
	{ "*", JSON_SYNTAX },
	{ ",", JSON_SYNTAX },
	{ ":", JSON_SYNTAX },
	{ "\xff", JSON_SYNTAX },
};

static void
refuses_syntax(void)
{

	check_cases(not_json, LENGTH(not_json));
}

static void
refuses_what_follows(void)
{
	static const struct json_case cases[] = {
		{ "1 2", JSON_TRAILING },
		{ "{}{}", JSON_TRAILING },
		{ "[]]", JSON_TRAILING },
		{ "{}}", JSON_TRAILING },
		{ "nullnull", JSON_TRAILING },
		{ "truex", JSON_TRAILING },
		{ "\"a\"\"b\"", JSON_TRAILING },
		{ "{},", JSON_TRAILING },
		{ "[]// x", JSON_TRAILING },
		{ "{}#", JSON_TRAILING },
		{ "1,", JSON_TRAILING },
		{ "[]\xef\xbb\xbf", JSON_TRAILING },
		{ "1x", JSON_TRAILING },
		{ "0x10", JSON_TRAILING },
		{ "{}\n{}", JSON_TRAILING },
	};

	check_cases(cases, LENGTH(cases));
	CU_ASSERT_EQUAL(scan_exact("1\0", 2, NULL), JSON_TRAILING);
}

static void
refuses_numbers(void)
{
	static const struct json_case cases[] = {
		{ "-", JSON_SYNTAX },
		{ "+1", JSON_SYNTAX },
		{ "--1", JSON_SYNTAX },
		{ "01", JSON_SYNTAX },
		{ "-01", JSON_SYNTAX },
		{ "00", JSON_SYNTAX },
		{ "1.", JSON_SYNTAX },
		{ ".5", JSON_SYNTAX },
		{ "-.5", JSON_SYNTAX },
		{ "1.e2", JSON_SYNTAX },
		{ "1e", JSON_SYNTAX },
		{ "1e+", JSON_SYNTAX },
		{ "1E-", JSON_SYNTAX },
		{ "1e+-2", JSON_SYNTAX },
		{ "1e 2", JSON_SYNTAX },
		{ "1.2.3", JSON_TRAILING },
		{ "1e2e3", JSON_TRAILING },
		{ "1e2.5", JSON_TRAILING },
		{ "1_000", JSON_TRAILING },
		{ "- 1", JSON_SYNTAX },
		{ "-a", JSON_SYNTAX },
		{ "[1-2]", JSON_SYNTAX },
		{ "\xef\xbc\x91", JSON_SYNTAX }, /* a full-width digit */
		{ "[0x1]", JSON_SYNTAX },
		{ "[1L]", JSON_SYNTAX },
		/* legal, and still too much for what comes after us */
		{ "12345678901234567", JSON_NUMBER },
		{ "-12345678901234567", JSON_NUMBER },
		{ "9223372036854775807", JSON_NUMBER },
		{ "99999999999999999999999999", JSON_NUMBER },
		{ "10000000000000000.5", JSON_NUMBER },
		{ "10000000000000000e-9", JSON_NUMBER },
		{ "1e301", JSON_NUMBER },
		{ "1e-301", JSON_NUMBER },
		{ "1e999", JSON_NUMBER },
		{ "-1E+99999999999", JSON_NUMBER },
		{ "[1e4294967297]", JSON_NUMBER },
	};
	char number[JSON_NUMBER_BYTES_MAX + 2];

	check_cases(cases, LENGTH(cases));
	memset(number, '1', sizeof(number));
	number[1] = '.';
	CU_ASSERT_EQUAL(scan_exact(number, JSON_NUMBER_BYTES_MAX, NULL),
	    JSON_OK);
	CU_ASSERT_EQUAL(scan_exact(number, JSON_NUMBER_BYTES_MAX + 1, NULL),
	    JSON_NUMBER);
}

static void
refuses_strings(void)
{
	static const struct json_case cases[] = {
		{ "\"", JSON_SYNTAX },
		{ "\"a", JSON_SYNTAX },
		{ "\"\\\"", JSON_SYNTAX },
		{ "\"\\", JSON_SYNTAX },
		{ "\"\\a\"", JSON_SYNTAX },
		{ "\"\\v\"", JSON_SYNTAX },
		{ "\"\\0\"", JSON_SYNTAX },
		{ "\"\\x41\"", JSON_SYNTAX },
		{ "\"\\'\"", JSON_SYNTAX },
		{ "\"\\ \"", JSON_SYNTAX },
		{ "\"\\U0041\"", JSON_SYNTAX },
		{ "\"\\\n\"", JSON_SYNTAX },
		{ "\"\\u\"", JSON_SYNTAX },
		{ "\"\\u1\"", JSON_SYNTAX },
		{ "\"\\u12\"", JSON_SYNTAX },
		{ "\"\\u123\"", JSON_SYNTAX },
		{ "\"\\u12g4\"", JSON_SYNTAX },
		{ "\"\\u-123\"", JSON_SYNTAX },
		{ "\"\\u 123\"", JSON_SYNTAX },
		{ "\"\\u12", JSON_SYNTAX },
		{ "\"\\u{41}\"", JSON_SYNTAX },
		/* raw control characters */
		{ "\"\t\"", JSON_SYNTAX },
		{ "\"\n\"", JSON_SYNTAX },
		{ "\"\r\"", JSON_SYNTAX },
		{ "\"\x01\"", JSON_SYNTAX },
		{ "\"\x1f\"", JSON_SYNTAX },
		{ "{\"a\tb\":1}", JSON_SYNTAX },
		/* not UTF-8 */
		{ "\"\xff\"", JSON_UTF8 },
		{ "\"\x80\"", JSON_UTF8 },
		{ "\"\xc3\"", JSON_UTF8 },
		{ "\"\xc0\xaf\"", JSON_UTF8 },
		{ "\"\xe0\x80\xaf\"", JSON_UTF8 },
		{ "\"\xed\xa0\x80\"", JSON_UTF8 },
		{ "\"\xf4\x90\x80\x80\"", JSON_UTF8 },
		{ "\"\xf0\x80\x80\xaf\"", JSON_UTF8 },
		{ "\"\xe9\"", JSON_UTF8 },
		{ "{\"\xe9\":1}", JSON_UTF8 },
		{ "\"\xf0\x9f\x98", JSON_UTF8 },
		/* NUL, and halves of pairs */
		{ "\"\\u0000\"", JSON_NUL },
		{ "\"a\\u0000b\"", JSON_NUL },
		{ "{\"a\\u0000b\":1}", JSON_NUL },
		{ "\"\\uD800\"", JSON_SURROGATE },
		{ "\"\\udc00\"", JSON_SURROGATE },
		{ "\"\\uD83D\\u0041\"", JSON_SURROGATE },
		{ "\"\\uD83Dx\"", JSON_SURROGATE },
		{ "\"\\uD83D\\n12345\"", JSON_SURROGATE },
		{ "\"\\uD83D\\uD83D\"", JSON_SURROGATE },
		{ "\"\\uDE00\\uD83D\"", JSON_SURROGATE },
		{ "\"\\uD83D\\uDE0\"", JSON_SYNTAX },
		{ "\"\\uD83D\\uzzzz\"", JSON_SYNTAX },
		{ "{\"\\uD800\":1}", JSON_SURROGATE },
		{ "\"\\uD83D\\u0000\"", JSON_SURROGATE },
	};

	check_cases(cases, LENGTH(cases));
	CU_ASSERT_EQUAL(scan_exact("\"a\0b\"", 5, NULL), JSON_SYNTAX);
	CU_ASSERT_EQUAL(scan_exact("\"\\\0\"", 4, NULL), JSON_SYNTAX);
	CU_ASSERT_EQUAL(scan_exact("[\0]", 3, NULL), JSON_SYNTAX);
	/* UTF-16 */
	CU_ASSERT_EQUAL(scan_exact("\xff\xfe{\0}\0", 6, NULL), JSON_SYNTAX);
	CU_ASSERT_EQUAL(scan_exact("{\0}\0", 4, NULL), JSON_SYNTAX);
}

static void
refuses_depth(void)
{
	static const struct json_case cases[] = {
		{ "[[[[[[[[[]]]]]]]]]", JSON_DEPTH },
		{ "[[[[[[[[{}]]]]]]]]", JSON_DEPTH },
		{ "{\"a\":[[[[[[[[1]]]]]]]]}", JSON_DEPTH },
		{ "[[[[[[[[1]]]]]]],[[[[[[[[1]]]]]]]]]", JSON_DEPTH },
	};
	char *deep = malloc(100000);

	check_cases(cases, LENGTH(cases));
	memset(deep, '[', 100000);
	CU_ASSERT_EQUAL(scan_exact(deep, 100000, NULL), JSON_DEPTH);
	for (int i = 0; i < 100000; i += 5)
		memcpy(deep + i, "{\"a\":", 5);
	CU_ASSERT_EQUAL(scan_exact(deep, 100000, NULL), JSON_DEPTH);
	free(deep);
}

static void
refuses_duplicates(void)
{
	static const struct json_case cases[] = {
		{ "{\"a\":1,\"a\":1}", JSON_DUPLICATE },
		{ "{\"a\":1,\"b\":2,\"a\":3}", JSON_DUPLICATE },
		{ "{\"\":1,\"\":2}", JSON_DUPLICATE },
		{ "{\"a\":1,\"\\u0061\":2}", JSON_DUPLICATE },
		{ "{\"\\u0061\":1,\"\\U0061\":2}", JSON_SYNTAX },
		{ "{\"\\u00e9\":1,\"\xc3\xa9\":2}", JSON_DUPLICATE },
		{ "{\"\\u00E9\":1,\"\\u00e9\":2}", JSON_DUPLICATE },
		{ "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}",
		    JSON_DUPLICATE },
		{ "{\"\\/\":1,\"/\":2}", JSON_DUPLICATE },
		{ "{\"\\n\":1,\"\\u000a\":2}", JSON_DUPLICATE },
		{ "{\"\\u20ac\":1,\"\xe2\x82\xac\":2}", JSON_DUPLICATE },
		{ "[{\"x\":{\"a\":1,\"a\":2}}]", JSON_DUPLICATE },
		{ "{\"x\":{\"a\":1},\"y\":{\"b\":2,\"b\":3}}", JSON_DUPLICATE },
		{ "{\"x\":{\"\\u0061\":1},\"\\u0078\":0}", JSON_DUPLICATE },
		/* more than eight keys are compared in another way */
		{ "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,"
		  "\"8\":0,\"9\":0,\"1\":0}",
		    JSON_DUPLICATE },
		{ "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,"
		  "\"8\":0,\"9\":0,\"10\":0}",
		    JSON_OK },
	};
	size_t offset = 99;

	check_cases(cases, LENGTH(cases));
	scan_exact("{\"a\":1,\"b\":2, \"a\":3}", 20, &offset);
	CU_ASSERT_EQUAL(offset, 14);
}

/* An object of n keys; the last one doubles the first if asked. */
static void
make_object(struct buf *b, size_t n, const char *format, bool doubled)
{
	buf_reset(b);
	for (size_t i = 0; i < n; i++) {
		buf_adds(b, i == 0 ? "{\"" : ",\"");
		buf_printf(b, format, doubled && i == n - 1 ? (size_t)0 : i);
		buf_adds(b, "\":0");
	}
	buf_adds(b, "}");
}

/* 256 KiB of keys stay in milliseconds, whatever they look like. */
static void
is_quick_with_many_keys(void)
{
	static const struct {
		size_t count;
		const char *format;
	} shapes[] = {
		{ 20000, "%zu" },
		{ 20000, "k%07zu" },
		{ 13000, "\\u0061%06zu" },
		{ 250, "%01000zu" }, /* long common beginnings */
		{ 1000, "\\u0061%0200zu" },
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < LENGTH(shapes); i++) {
		double began = unit_cpu_s();

		make_object(&b, shapes[i].count, shapes[i].format, false);
		CHECK(json_scan(b.data, b.len, NULL) == JSON_OK,
		    "shape %zu is accepted", i);
		make_object(&b, shapes[i].count, shapes[i].format, true);
		CHECK(json_scan(b.data, b.len, NULL) == JSON_DUPLICATE,
		    "the double of shape %zu is seen", i);
		CHECK(unit_cpu_s() - began < 0.5, "shape %zu took %.3f s", i,
		    unit_cpu_s() - began);
	}
	buf_free(&b);
}

static void
says_where(void)
{
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{ "", 0 },
		{ "  ", 2 },
		{ "[1,]", 3 },
		{ "{\"a\" 1}", 5 },
		{ "[1] 2", 4 },
		{ "[\"ab\\x\"]", 4 },
		{ "[\"a\xff\"]", 3 },
		{ "[0, 01]", 4 },
		{ "\"\\u0000\"", 1 },
		{ "[[[[[[[[[", 8 },
		{ "{\"a\":1,\"a\":2}", 7 },
		{ "[{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,"
		  "\"8\":0,\"9\":0,\"5\":0}]",
		    56 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t offset = 999;

		CHECK(scan_exact(cases[i].text, strlen(cases[i].text),
			  &offset) != JSON_OK,
		    "<%s> is refused", cases[i].text);
		CHECK(offset == cases[i].offset, "<%s>: at %zu, not %zu",
		    cases[i].text, cases[i].offset, offset);
	}
	for (int i = JSON_OK; i <= JSON_TRAILING; i++)
		CU_ASSERT_PTR_NOT_NULL(json_fault_text((enum json_fault)i));
}

/* Cut anywhere, a text that is one value of braces is never accepted. */
static void
refuses_every_beginning(void)
{
	static const char text[] = "{\"a\\u00e9\":[1.5e-3,true,null,{\"b\":"
				   "\"\\ud83d\\ude00\xc3\xa9\"}],\"c\":false}";

	for (size_t len = 0; len < sizeof(text) - 1; len++)
		CHECK(scan_exact(text, len, NULL) != JSON_OK,
		    "the first %zu bytes are refused", len);
	CU_ASSERT_EQUAL(scan_exact(text, sizeof(text) - 1, NULL), JSON_OK);
}

CU_TestInfo json_tests[] = {
	{ "accepts, as json-c does", accepts },
	{ "refuses syntax", refuses_syntax },
	{ "refuses what follows", refuses_what_follows },
	{ "refuses numbers", refuses_numbers },
	{ "refuses strings", refuses_strings },
	{ "refuses depth", refuses_depth },
	{ "refuses duplicates", refuses_duplicates },
	{ "is quick with many keys", is_quick_with_many_keys },
	{ "says where", says_where },
	{ "refuses every beginning", refuses_every_beginning },
	CU_TEST_INFO_NULL,
};
