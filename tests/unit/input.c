#include "input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "unit.h"

/* One of each type, with limits that tests can reach. */
static const struct field fields[] = {
	{ "n", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, NULL },
	{ "text", FIELD_TEXT, IN_BODY, false, 1, 5, NULL },
	{ "id", FIELD_ID, IN_BODY, false, 1, 5, NULL },
	{ "name", FIELD_NAME, IN_BODY, false, 1, 64, NULL },
	{ "user", FIELD_USER_ID, IN_BODY, false, 0, 0, NULL },
	{ "email", FIELD_EMAIL, IN_BODY, false, 3, 20, NULL },
	{ "cursor", FIELD_CURSOR, IN_BODY, false, 1, 8, NULL },
	{ "choice", FIELD_CHOICE, IN_BODY, false, 0, 0, "red|green|blue" },
	{ "time", FIELD_TIME, IN_BODY, false, 0, 0, NULL },
	{ "bool", FIELD_BOOL, IN_BODY, false, 0, 0, NULL },
	{ "object", FIELD_OBJECT, IN_BODY, false, 0, 0, NULL },
	{ "array", FIELD_ARRAY, IN_BODY, false, 1, 3, NULL },
	/* all twelve rows are taken: there is no end mark */
};

static const struct field others[] = {
	{ "names", FIELD_NAMES, IN_BODY, false, 1, 3, NULL },
	{ "need", FIELD_INT, IN_BODY, true, -5, 5, NULL },
	{ "path", FIELD_INT, IN_PATH, true, 1, 5, NULL },
	{ "q", FIELD_INT, IN_QUERY, false, 0, 99, NULL },
	{ NULL, FIELD_INT, IN_BODY, false, 0, 0, NULL },
};

/* Everything that one reading leaves behind. */
struct reading {
	struct arena arena;
	struct input_errors errors;
	const char *values[ROUTE_FIELDS_MAX];
	const char *extra;
	bool ok;
};

static void
read_body(struct reading *r, const struct field *rows,
    const struct field *extra, const char *text)
{
	struct json_object *body = NULL;

	memset(r, 0, sizeof(*r));
	r->ok = body_parse(&body, text, strlen(text), &r->errors);
	if (r->ok)
		r->ok = input_fields(&r->arena, rows, extra, body, NULL,
		    r->values, &r->extra, &r->errors);
	json_object_put(body);
	CHECK(r->ok == (r->errors.count == 0), "<%.100s>: an error is told",
	    text);
}

static void
end_reading(struct reading *r)
{
	arena_free(&r->arena);
	buf_free(&r->errors.json);
}

/* The errors as a client gets them, with a bracket at the end. */
static char *
errors_text(struct reading *r)
{
	struct json_object *json;

	buf_adds(&r->errors.json, "]");
	json = json_tokener_parse(r->errors.json.data);
	CHECK(json_object_is_type(json, json_type_array),
	    "errors are a JSON array: %s", r->errors.json.data);
	json_object_put(json);
	return r->errors.json.data;
}

/* True if the errors name the field with the code. */
static bool
has_error(struct reading *r, const char *field, const char *code)
{
	char wanted[300];

	snprintf(wanted, sizeof(wanted), "{\"field\":\"%s\",\"code\":\"%s\"",
	    field, code);
	return r->errors.json.data != NULL &&
	    strstr(r->errors.json.data, wanted) != NULL;
}

struct field_case {
	const char *field, *json;
	const char *value; /* for SQL, or the code if it begins with '!' */
};

static void
check_fields(const struct field *rows, const struct field_case *cases,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct field_case *c = &cases[i];
		size_t row = 0;
		char body[2048];
		struct reading r;

		while (strcmp(rows[row].name, c->field) != 0)
			row++;
		snprintf(body, sizeof(body), "{\"%s\":%s}", c->field, c->json);
		read_body(&r, rows, NULL, body);
		if (*c->value == '!') {
			CHECK(!r.ok && has_error(&r, c->field, c->value + 1),
			    "%s: %s is refused as %s: %s", c->field, c->json,
			    c->value + 1,
			    r.errors.count > 0 ? r.errors.json.data : "");
			CHECK(r.values[row] == NULL, "%s has no value",
			    c->field);
		} else {
			CHECK(r.ok, "%s: %s is accepted: %s", c->field, c->json,
			    r.errors.count > 0 ? r.errors.json.data : "");
			CHECK_TEXT(r.values[row], c->value);
		}
		end_reading(&r);
	}
}

static void
reads_integers(void)
{
	static const struct field_case cases[] = {
		{ "n", "1", "1" },
		{ "n", "9007199254740991", "9007199254740991" },
		{ "n", "0", "!range" },
		{ "n", "-1", "!range" },
		{ "n", "-0", "!range" },
		{ "n", "9007199254740992", "!range" },
		{ "n", "9999999999999999", "!range" },
		{ "n", "-9999999999999999", "!range" },
		{ "n", "1.0", "!type" },
		{ "n", "1e2", "!type" },
		{ "n", "1E0", "!type" },
		{ "n", "0.5", "!type" },
		{ "n", "\"1\"", "!type" },
		{ "n", "\"\"", "!type" },
		{ "n", "true", "!type" },
		{ "n", "[1]", "!type" },
		{ "n", "{}", "!type" },
	};

	check_fields(fields, cases, LENGTH(cases));
}

static void
reads_texts(void)
{
	static const struct field_case cases[] = {
		{ "text", "\"a\"", "a" },
		{ "text", "\"12345\"", "12345" },
		{ "text", "\"123456\"", "!length" },
		{ "text", "\"\"", "!length" },
		/* code points are counted, not bytes, not UTF-16 units */
		{ "text",
		    "\"\xe7\xa7\xaf\xe5\x88\x86\xe7\xa7\xaf\xe5\x88\x86"
		    "!\"",
		    "\xe7\xa7\xaf\xe5\x88\x86\xe7\xa7\xaf\xe5\x88"
		    "\x86!" },
		{ "text", "\"\\ud83d\\ude00\xf0\x9f\x98\x80\"",
		    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80" },
		{ "text", "\"\\ud836\\udc00\"", "\xf0\x9d\xa0\x80" },
		{ "text", "\"a\\n\\u0001\\u0085\"", "a\n\x01\xc2\x85" },
		{ "text", "\" \\t \"", " \t " }, /* kept verbatim */
		{ "text", "1", "!type" },
		{ "text", "true", "!type" },
		{ "text", "[\"a\"]", "!type" },

		{ "id", "\"a b\"", "a b" },
		{ "id", "\"\xc3\xa9\"", "\xc3\xa9" },
		{ "id", "\"a\\n\"", "!format" },
		{ "id", "\"\\u007f\"", "!format" },
		{ "id", "\"\\u009f\"", "!format" },
		{ "id", "\"123456\"", "!length" },
		{ "id", "7", "!type" },

		{ "name", "\"a-z_0.9\"", "a-z_0.9" },
		{ "name", "\"A\"", "!format" },
		{ "name", "\"a b\"", "!format" },
		{ "name", "\"\xc3\xa9\"", "!format" },
		{ "name", "\"\"", "!length" },

		{ "user", "\"alice\"", "alice" },
		{ "user", "\"auth0|1/2\"", "auth0|1/2" },
		{ "user", "\"\"", "!format" },
		{ "user", "\"a\\tb\"", "!format" },
		{ "user", "1", "!type" },

		{ "email", "\"a@b\"", "a@b" },
		{ "email", "\"a+c@b.example\"", "a+c@b.example" },
		{ "email", "\"a@b@c\"", "a@b@c" },
		{ "email", "\"abc\"", "!format" },
		{ "email", "\"@ab\"", "!format" },
		{ "email", "\"ab@\"", "!format" },
		{ "email", "\"a b@c\"", "!format" },
		{ "email", "\"a@b\\n\"", "!format" },
		{ "email", "\"a@\"", "!length" },
		{ "email", "\"aaaaaaaaaaaaaaaaaaa@b\"", "!length" },

		{ "cursor", "\"aZ09_-\"", "aZ09_-" },
		{ "cursor", "\"a=\"", "!format" },
		{ "cursor", "\"a+b\"", "!format" },
		{ "cursor", "\"123456789\"", "!length" },
	};

	check_fields(fields, cases, LENGTH(cases));
}

static void
reads_other_types(void)
{
	static const struct field_case cases[] = {
		{ "choice", "\"red\"", "red" },
		{ "choice", "\"blue\"", "blue" },
		{ "choice", "\"\"", "!choice" },
		{ "choice", "\"re\"", "!choice" },
		{ "choice", "\"redd\"", "!choice" },
		{ "choice", "\"red|green\"", "!choice" },
		{ "choice", "\"Red\"", "!choice" },
		{ "choice", "0", "!type" },

		{ "time", "\"2026-01-31T08:00:00+08:00\"",
		    "2026-01-31T08:00:00+08:00" },
		{ "time", "\"2026-01-31\"", "!format" },
		{ "time", "\"infinity\"", "!format" },
		{ "time", "1769817600", "!type" },

		{ "bool", "true", "true" },
		{ "bool", "false", "false" },
		{ "bool", "\"true\"", "!type" },
		{ "bool", "1", "!type" },

		{ "object", "{}", "{}" },
		{ "object", "{\"b\":[1,2.50,\"x/y\"],\"a\":null}",
		    "{\"a\":null,\"b\":[1,2.50,\"x/y\"]}" },
		{ "object",
		    "{\"b\":{\"\\u0064\":true,"
		    "\"c\":\"\\n\\u00e9\\\"\"},\"B\":0}",
		    "{\"B\":0,\"b\":{\"c\":\"\\n\xc3\xa9\\\"\",\"d\":true}}" },
		{ "object", "{ \"a\" : 1 }", "{\"a\":1}" },
		/* numbers come out as they came in */
		{ "object", "{\"a\":0.1000000000000000055511151231257827}",
		    "{\"a\":0.1000000000000000055511151231257827}" },
		{ "object", "{\"a\":[9999999999999999,1e3,1E+300,-0.0]}",
		    "{\"a\":[9999999999999999,1e3,1E+300,-0.0]}" },
		{ "object", "[]", "!type" },
		{ "object", "\"{}\"", "!type" },

		{ "array", "[1]", "[1]" },
		{ "array", "[null,{\"a\":1},\"x\"]", "[null,{\"a\":1},\"x\"]" },
		{ "array", "[1.0]", "!type" },
		{ "array", "[1,1e2]", "!type" },
		{ "array", "[{\"a\":[{\"b\":0.5}]}]", "!type" },
		{ "array", "[\"1e2\",{\"1.0\":-7}]", "[\"1e2\",{\"1.0\":-7}]" },
		{ "array", "[]", "!length" },
		{ "array", "[1,2,3,4]", "!length" },
		{ "array", "{}", "!type" },
	};
	static const struct field names[] = {
		{ "names", FIELD_NAMES, IN_BODY, false, 1, 3, NULL },
		{ NULL, FIELD_INT, IN_BODY, false, 0, 0, NULL },
	};
	static const struct field_case lists[] = {
		{ "names", "[\"a\"]", "{\"a\"}" },
		{ "names", "[\"a.b\",\"null\",\"x_-9\"]",
		    "{\"a.b\",\"null\",\"x_-9\"}" },
		{ "names", "[]", "!length" },
		{ "names", "[\"a\",\"b\",\"c\",\"d\"]", "!length" },
		{ "names", "[\"\"]", "!format" },
		{ "names", "[\"A\"]", "!format" },
		{ "names", "[\"a\\\"\"]", "!format" },
		{ "names", "[1]", "!format" },
		{ "names", "[null]", "!format" },
		{ "names", "[[\"a\"]]", "!format" },
		{ "names", "\"a\"", "!type" },
	};
	char name[80], body[100];
	struct reading r;

	check_fields(fields, cases, LENGTH(cases));
	check_fields(names, lists, LENGTH(lists));
	for (int len = 64; len <= 65; len++) {
		memset(name, 'a', sizeof(name));
		snprintf(body, sizeof(body), "{\"names\":[\"%.*s\"]}", len,
		    name);
		read_body(&r, names, NULL, body);
		CHECK(r.ok == (len == 64), "a name of %d characters", len);
		end_reading(&r);
	}
}

static void
reads_absent_and_unknown(void)
{
	struct reading r;

	/* null is absent, also where a field is needed */
	read_body(&r, fields, NULL, "{\"n\":null,\"text\":null}");
	CU_ASSERT_TRUE(r.ok);
	CHECK_TEXT(r.values[0], NULL);
	end_reading(&r);
	read_body(&r, others, NULL, "{\"need\":null}");
	CU_ASSERT_TRUE(has_error(&r, "need", "required"));
	end_reading(&r);
	read_body(&r, others, NULL, ""); /* no body at all */
	CU_ASSERT_TRUE(has_error(&r, "need", "required"));
	end_reading(&r);
	read_body(&r, others, NULL, "{\"need\":-5}");
	CU_ASSERT_TRUE(r.ok);
	CHECK_TEXT(r.values[1], "-5");
	end_reading(&r);
	/* unknown, even as null; a path's or query's field is no member */
	read_body(&r, others, NULL,
	    "{\"need\":1,\"x\":null,\"path\":1,\"q\":1,\"Need\":2}");
	CU_ASSERT_EQUAL(r.errors.count, 4);
	CU_ASSERT_TRUE(has_error(&r, "x", "unknown"));
	CU_ASSERT_TRUE(has_error(&r, "path", "unknown"));
	CU_ASSERT_TRUE(has_error(&r, "q", "unknown"));
	CU_ASSERT_TRUE(has_error(&r, "Need", "unknown"));
	end_reading(&r);
}

static void
reads_the_extra_field(void)
{
	static const struct field user = { "user_id", FIELD_USER_ID, IN_BODY,
		true, 0, 0, NULL };
	struct reading r;

	read_body(&r, others, &user, "{\"need\":1,\"user_id\":\"u\"}");
	CU_ASSERT_TRUE(r.ok);
	CHECK_TEXT(r.extra, "u");
	end_reading(&r);
	read_body(&r, others, &user, "{\"need\":1}");
	CU_ASSERT_TRUE(has_error(&r, "user_id", "required"));
	end_reading(&r);
	read_body(&r, others, NULL, "{\"need\":1,\"user_id\":\"u\"}");
	CU_ASSERT_TRUE(has_error(&r, "user_id", "unknown"));
	end_reading(&r);
}

/* A row whose last field takes the members that no other names. */
static void
takes_other_members(void)
{
	static const struct field open_row[] = {
		{ "rest", FIELD_MEMBERS, IN_BODY, true, 0, 0, NULL },
		{ "reason", FIELD_TEXT, IN_BODY, true, 1, 10, NULL },
		{ 0 },
	};
	static const struct {
		const char *body, *value, *field, *code;
	} cases[] = {
		{ "{\"b\":[1],\"a\":\"x\",\"reason\":\"r\"}",
		    "{\"a\":\"x\",\"b\":[1]}", NULL, NULL },
		{ "{\"rest\":true,\"reason\":\"r\"}", "{\"rest\":true}", NULL,
		    NULL },
		{ "{\"a\":1,\"b\":null,\"reason\":\"r\"}", "{\"a\":1}", NULL,
		    NULL },
		{ "{\"reason\":\"r\"}", NULL, "rest", "required" },
		{ "{\"a\":null,\"reason\":\"r\"}", NULL, "rest", "required" },
		{ "{\"a\":1}", "{\"a\":1}", "reason", "required" },
		{ "{\"a\":1.0,\"reason\":\"r\"}", "{\"a\":1.0}", "a", "type" },
		{ "{\"a\":1e2,\"reason\":\"r\"}", "{\"a\":1e2}", "a", "type" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading r;

		read_body(&r, open_row, NULL, cases[i].body);
		CHECK((r.values[0] == NULL) == (cases[i].value == NULL), "%s",
		    cases[i].body);
		if (cases[i].value != NULL)
			CHECK_TEXT(r.values[0], cases[i].value);
		CHECK(r.ok == (cases[i].field == NULL), "%s", cases[i].body);
		if (cases[i].field != NULL)
			CU_ASSERT_TRUE(
			    has_error(&r, cases[i].field, cases[i].code));
		end_reading(&r);
	}
}

static void
leaves_path_values_alone(void)
{
	struct arena a = { 0 };
	struct input_errors errors = { 0 };
	const char *values[ROUTE_FIELDS_MAX] = { NULL, NULL, "3" };
	struct json_object *body = json_tokener_parse("{\"need\":1}");

	CU_ASSERT_TRUE(
	    input_fields(&a, others, NULL, body, NULL, values, NULL, &errors));
	CHECK_TEXT(values[2], "3");
	json_object_put(body);
	arena_free(&a);
}

static void
refuses_bodies(void)
{
	static const struct {
		const char *body, *field, *code;
	} cases[] = {
		{ " ", "body", "json" },
		{ "{", "body", "json" },
		{ "{}x", "body", "json" },
		{ "{\"n\":01}", "body", "json" },
		{ "{\"n\":NaN}", "body", "json" },
		{ "{\"n\":12345678901234567}", "body", "json" },
		{ "{\"text\":\"\\u0000\"}", "body", "json" },
		{ "{\"text\":\"\xff\"}", "body", "json" },
		{ "{'n':1}", "body", "json" },
		{ "[]", "body", "type" },
		{ "1", "body", "type" },
		{ "null", "body", "type" },
		{ "\"{}\"", "body", "type" },
		{ "{\"n\":1,\"n\":2}", "n", "duplicate" },
		{ "{\"n\":1,\"\\u006e\":2}", "n", "duplicate" },
		{ "{\"a\":{\"b\\\"\":1,\"b\\\"\":2}}", "b\\\"", "duplicate" },
	};
	struct reading r;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		read_body(&r, fields, NULL, cases[i].body);
		CHECK(!r.ok && has_error(&r, cases[i].field, cases[i].code),
		    "<%s>: %s", cases[i].body, r.errors.json.data);
		CHECK(r.errors.count == 1, "<%s> has one error", cases[i].body);
		end_reading(&r);
	}
	read_body(&r, fields, NULL, "{\"a\\u0000b\":1}");
	CHECK_TEXT(errors_text(&r),
	    "[{\"field\":\"body\",\"code\":\"json\","
	    "\"detail\":\"byte 3: U+0000 is not allowed\"}]");
	end_reading(&r);
	read_body(&r, fields, NULL, "{}");
	CU_ASSERT_TRUE(r.ok);
	end_reading(&r);
}

static void
collects_several_errors(void)
{
	struct buf body = { 0 };
	struct reading r;

	read_body(&r, fields, NULL, "{\"n\":\"1\",\"text\":\"\",\"bool\":0}");
	CHECK_TEXT(errors_text(&r),
	    "[{\"field\":\"n\",\"code\":\"type\","
	    "\"detail\":\"must be an integer\"},"
	    "{\"field\":\"text\",\"code\":\"length\","
	    "\"detail\":\"must be 1 to 5 characters long\"},"
	    "{\"field\":\"bool\",\"code\":\"type\","
	    "\"detail\":\"must be true or false\"}]");
	end_reading(&r);
	/* a hostile body gets 16 of them, with short names */
	buf_adds(&body, "{");
	for (int i = 0; i < 5000; i++)
		buf_printf(&body, "%s\"%040d\":0", i == 0 ? "" : ",", i);
	buf_printf(&body, ",\"%0*d\":0}", 10000, 1);
	read_body(&r, fields, NULL, body.data);
	CU_ASSERT_EQUAL(r.errors.count, 16);
	CU_ASSERT_TRUE(strlen(errors_text(&r)) < 4096);
	end_reading(&r);
	buf_reset(&body);
	buf_printf(&body, "{\"%0*d\xc3\xa9\":0}", 127, 1);
	read_body(&r, fields, NULL, body.data);
	CU_ASSERT_TRUE(strlen(errors_text(&r)) < 300); /* cut, still UTF-8 */
	end_reading(&r);
	buf_free(&body);
}

static void
hash_of(char out[67], const char *function, const char *a, const char *b)
{
	const char *values[] = { a, b };

	input_hash(out, function, values, 2);
}

static void
hashes_requests(void)
{
	static const struct {
		const char *function, *a, *b;
	} cases[] = {
		{ "f", "a", "b" },
		{ "g", "a", "b" },
		{ "f", "b", "a" },
		{ "f", "ab", "" },
		{ "f", "", "ab" },
		{ "f", "a", NULL },
		{ "f", NULL, "a" },
		{ "f", NULL, NULL },
		{ "f", "", "" },
		{ "f", NULL, "" },
		{ "f", "", NULL },
		{ "fa", "", "b" },
		{ "f", "a\x01", "b" },
	};
	static const char *const many[32] = { [0] = "a", [31] = "b" };
	char hashes[LENGTH(cases)][67], again[67];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		hash_of(hashes[i], cases[i].function, cases[i].a, cases[i].b);
		hash_of(again, cases[i].function, cases[i].a, cases[i].b);
		CHECK_TEXT(again, hashes[i]);
		CHECK(strlen(hashes[i]) == 66 &&
			strncmp(hashes[i], "\\x", 2) == 0 &&
			strspn(hashes[i] + 2, "0123456789abcdef") == 64,
		    "%s is a bytea literal", hashes[i]);
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(hashes[i], hashes[j]) != 0,
			    "cases %zu and %zu differ", i, j);
	}
	/* stored for ever: python3 -c 'import hashlib,struct; p=lambda s:
	 * b"\x01"+struct.pack(">Q",len(s))+s; print(hashlib.sha256(p(b"f")+
	 * p(b"a")+bytes(9)).hexdigest())' */
	hash_of(again, "f", "a", NULL);
	CHECK_TEXT(again,
	    "\\x08eab681387c8f02a3407ffbdf4fc9f0"
	    "4641aa91beb6c3edd6b2430510180c9a");
	input_hash(again, "f", many, LENGTH(many)); /* as many as can be */
	CU_ASSERT_EQUAL(strlen(again), 66);
	input_hash(again, "f", NULL, 0);
	CU_ASSERT_EQUAL(strlen(again), 66);
}

static void
reads_idempotency_keys(void)
{
	static const struct {
		const char *header, *key; /* NULL: refused */
	} cases[] = {
		{ "k", "k" },
		{ "\"k\"", "k" },
		{ "8e03978e-40d5-43dd-bc93-6894a57f9324",
		    "8e03978e-40d5-43dd-bc93-6894a57f9324" },
		{ "!~", "!~" },
		{ "a\\b", "a\\b" },
		{ "\"a\\b\"", "a\\b" },
		{ "\"a\\\\b\"", "a\\b" },
		{ "\"a\\\"b\"", "a\"b" },
		{ "\"\\\\\"", "\\" },
		{ "", NULL },
		{ "\"\"", NULL },
		{ "\"", NULL },
		{ "\"k", NULL },
		{ "k\"", NULL },
		{ "a\"b", NULL },
		{ "\"a\"b\"", NULL },
		{ "\"a\"\"", NULL },
		{ "\"\\\"", NULL },
		{ "a b", NULL },
		{ " a", NULL },
		{ "\"a b\"", NULL },
		{ "a\tb", NULL },
		{ "a\x7f", NULL },
		{ "\xc3\xa9", NULL },
		{ "a\n", NULL },
	};
	struct arena a = { 0 };
	char key[260];

	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK_TEXT(input_key(&a, cases[i].header), cases[i].key);
	memset(key, 'k', sizeof(key));
	key[255] = '\0';
	CHECK_TEXT(input_key(&a, key), key);
	key[255] = 'k';
	key[256] = '\0';
	CHECK_TEXT(input_key(&a, key), NULL);
	key[0] = key[256] = '"'; /* the quotes do not count */
	key[257] = '\0';
	CU_ASSERT_EQUAL(strlen(input_key(&a, key)), 255);
	arena_free(&a);
}

CU_TestInfo input_tests[] = {
	{ "reads integers", reads_integers },
	{ "reads texts", reads_texts },
	{ "reads other types", reads_other_types },
	{ "reads absent and unknown members", reads_absent_and_unknown },
	{ "reads the extra field", reads_the_extra_field },
	{ "takes other members", takes_other_members },
	{ "leaves path values alone", leaves_path_values_alone },
	{ "refuses bodies", refuses_bodies },
	{ "collects several errors", collects_several_errors },
	{ "hashes requests", hashes_requests },
	{ "reads idempotency keys", reads_idempotency_keys },
	CU_TEST_INFO_NULL,
};
