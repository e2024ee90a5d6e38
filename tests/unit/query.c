#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static const struct field list[] = {
	{ "limit", FIELD_INT, IN_QUERY, false, 1, 200, NULL },
	{ "kind", FIELD_CHOICE, IN_QUERY, false, 0, 0, "grant|consume" },
	{ "wide", FIELD_INT, IN_QUERY, false, -9999999999999999,
	    9999999999999999, NULL },
	{ "flag", FIELD_BOOL, IN_QUERY, false, 0, 0, NULL },
	{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, NULL },
	{ "text", FIELD_TEXT, IN_QUERY, false, 1, 3, NULL },
	{ "body", FIELD_INT, IN_BODY, false, 1, 5, NULL },
	{ NULL, FIELD_INT, IN_BODY, false, 0, 0, NULL },
};

/* A query as "name=value" lines. */
static void
parses_queries(void)
{
	static const struct {
		const char *text, *lines;
	} cases[] = {
		{ "", "" },
		{ "a=1", "a=1\n" },
		{ "a=1&b=2", "a=1\nb=2\n" },
		{ "a=", "a=\n" },
		{ "a", "a=\n" },
		{ "=1", "=1\n" },
		{ "a=b=c", "a=b=c\n" },
		{ "&&a=1&", "a=1\n" },
		{ "a=x+y%2Bz", "a=x y+z\n" },
		{ "%61%3d=%26", "a==&\n" },
		{ "a=%E7%A7%AF", "a=\xe7\xa7\xaf\n" },
		{ "a=1;b=2", "a=1;b=2\n" },
		{ "a=1&A=2", "a=1\nA=2\n" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct arena a = { 0 };
		struct input_errors errors = { 0 };
		struct buf lines = { 0 };
		struct query q;

		CHECK(query_parse(&q, &a, cases[i].text, &errors),
		    "<%s> is a query", cases[i].text);
		CHECK(errors.count == 0, "<%s> has no errors", cases[i].text);
		buf_adds(&lines, "");
		for (size_t n = 0; n < q.count; n++)
			buf_printf(&lines, "%s=%s\n", q.params[n].name,
			    q.params[n].value);
		CHECK_TEXT(lines.data, cases[i].lines);
		buf_free(&lines);
		arena_free(&a);
	}
}

static void
refuses_queries(void)
{
	static const struct {
		const char *text, *field, *code;
	} cases[] = {
		{ "a=1&a=2", "a", "duplicate" },
		{ "a=1&b=2&%61=1", "a", "duplicate" },
		{ "a&a", "a", "duplicate" },
		{ "a=%", "a", "format" },
		{ "a=%4", "a", "format" },
		{ "a=%zz", "a", "format" },
		{ "a=%00", "a", "format" },
		{ "a=x%00y", "a", "format" },
		{ "%00=1", "query", "format" },
		{ "a=%ff", "a", "format" },
		{ "a=%C0%AF", "a", "format" },
		{ "a=%ED%A0%80", "a", "format" },
		{ "a=\xff", "a", "format" },
		{ "%zz=1", "query", "format" },
		{ "%E9=1", "\xef\xbf\xbd", "format" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct arena a = { 0 };
		struct input_errors errors = { 0 };
		char wanted[100];
		struct query q;

		snprintf(wanted, sizeof(wanted),
		    "[{\"field\":\"%s\",\"code\":\"%s\"", cases[i].field,
		    cases[i].code);
		CHECK(!query_parse(&q, &a, cases[i].text, &errors),
		    "<%s> is refused", cases[i].text);
		CHECK(errors.count == 1 &&
			strncmp(errors.json.data, wanted, strlen(wanted)) == 0,
		    "<%s>: %s", cases[i].text, errors.json.data);
		buf_free(&errors.json);
		arena_free(&a);
	}
}

static void
limits_parameters(void)
{
	struct arena a = { 0 };
	struct input_errors errors = { 0 };
	struct buf text = { 0 };
	struct query q;

	for (int i = 0; i < QUERY_PARAMS_MAX; i++)
		buf_printf(&text, "p%d=1&", i);
	CU_ASSERT_TRUE(query_parse(&q, &a, text.data, &errors));
	CU_ASSERT_EQUAL(q.count, QUERY_PARAMS_MAX);
	buf_adds(&text, "one_more=1");
	CU_ASSERT_FALSE(query_parse(&q, &a, text.data, &errors));
	CU_ASSERT_EQUAL(q.count, QUERY_PARAMS_MAX);
	buf_free(&text);
	buf_free(&errors.json);
	arena_free(&a);
}

static const struct {
	const char *text;
	int row;
	const char *value; /* or the code, if it begins with '!' */
} readings[] = {
	{ "limit=1", 0, "1" },
	{ "limit=200", 0, "200" },
	{ "limit=0", 0, "!range" },
	{ "limit=201", 0, "!range" },
	{ "limit=", 0, "!type" },
	{ "limit", 0, "!type" },
	{ "limit=01", 0, "!type" },
	{ "limit=+1", 0, "!type" },
	{ "limit=%2B1", 0, "!type" },
	{ "limit=1.0", 0, "!type" },
	{ "limit=1e1", 0, "!type" },
	{ "limit=%201", 0, "!type" },
	{ "limit=1%20", 0, "!type" },
	{ "limit=0x1", 0, "!type" },
	{ "limit=null", 0, "!type" },
	{ "limit=-1", 0, "!range" },
	{ "limit=%EF%BC%91", 0, "!type" },
	{ "wide=0", 2, "0" },
	{ "wide=-0", 2, "!type" },
	{ "wide=-00", 2, "!type" },
	{ "wide=00", 2, "!type" },
	{ "wide=-", 2, "!type" },
	{ "wide=--1", 2, "!type" },
	{ "wide=-1", 2, "-1" },
	{ "wide=9999999999999999", 2, "9999999999999999" },
	{ "wide=-9999999999999999", 2, "-9999999999999999" },
	{ "wide=10000000000000000", 2, "!type" },
	{ "wide=99999999999999999999999999", 2, "!type" },
	{ "kind=grant", 1, "grant" },
	{ "kind=gran", 1, "!choice" },
	{ "kind=", 1, "!choice" },
	{ "flag=true", 3, "true" },
	{ "flag=false", 3, "false" },
	{ "flag=1", 3, "!type" },
	{ "flag", 3, "!type" },
	{ "flag=TRUE", 3, "!type" },
	{ "from=2026-01-31T08:00:00%2B08:00", 4, "2026-01-31T08:00:00+08:00" },
	{ "from=2026-01-31T08:00:00+08:00", 4, "!format" },
	{ "text=abc", 5, "abc" },
	{ "text=", 5, "!length" },
	{ "text=abcd", 5, "!length" },
	{ "text=%E7%A7%AF%E7%A7%AF%E7%A7%AF", 5,
	    "\xe7\xa7\xaf\xe7\xa7\xaf\xe7\xa7\xaf" },
	{ "text=%0A", 5, "\n" },
	{ "body=1", 6, "!unknown" },
	{ "other=1", 6, "!unknown" },
	{ "=1", 6, "!unknown" },
};

static void
reads_fields(void)
{

	for (size_t i = 0; i < LENGTH(readings); i++) {
		const char *values[ROUTE_FIELDS_MAX] = { NULL };
		struct arena a = { 0 };
		struct input_errors errors = { 0 };
		char code[50];
		struct query q;
		bool ok;

		query_parse(&q, &a, readings[i].text, &errors);
		ok = input_fields(&a, list, NULL, NULL, &q, values, NULL,
		    &errors);
		if (*readings[i].value == '!') {
			snprintf(code, sizeof(code), "\"code\":\"%s\"",
			    readings[i].value + 1);
			CHECK(!ok && errors.count == 1 &&
				strstr(errors.json.data, code) != NULL,
			    "<%s> is %s", readings[i].text, readings[i].value);
		} else {
			CHECK(ok, "<%s> is accepted", readings[i].text);
			CHECK_TEXT(values[readings[i].row], readings[i].value);
		}
		buf_free(&errors.json);
		arena_free(&a);
	}
}

/* A text from a path, and types that no text can be. */
static void
checks_one_text(void)
{
	static const struct field id = { "user_id", FIELD_USER_ID, IN_PATH,
		true, 0, 0, NULL };
	static const struct field object = { "o", FIELD_OBJECT, IN_QUERY, true,
		0, 0, NULL };
	static const struct field text = { "t", FIELD_TEXT, IN_PATH, true, 1, 9,
		NULL };
	struct arena a = { 0 };
	struct input_errors errors = { 0 };

	CHECK_TEXT(input_text(&a, &id, "a/b", 3, &errors), "a/b");
	CU_ASSERT_EQUAL(errors.count, 0);
	CHECK_TEXT(input_text(&a, &id, "", 0, &errors), NULL);
	CHECK_TEXT(input_text(&a, &object, "{}", 2, &errors), NULL);
	CHECK_TEXT(input_text(&a, &text, "a\0b", 3, &errors), NULL);
	CHECK_TEXT(input_text(&a, &text, "\xff", 1, &errors), NULL);
	CU_ASSERT_EQUAL(errors.count, 4);
	buf_free(&errors.json);
	arena_free(&a);
}

CU_TestInfo query_tests[] = {
	{ "parses queries", parses_queries },
	{ "refuses queries", refuses_queries },
	{ "limits parameters", limits_parameters },
	{ "reads fields", reads_fields },
	{ "checks one text", checks_one_text },
	CU_TEST_INFO_NULL,
};
