#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "request.h"
#include "unit.h"

static void
end_reply(struct request *r)
{
	arena_free(&r->arena);
	buf_free(&r->reply.headers);
}

static bool
has_header(const struct request *r, const char *line)
{
	return r->reply.headers.data != NULL &&
	    strstr(r->reply.headers.data, line) != NULL;
}

static const char *
member(struct json_object *json, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(json, name, &value);
	return json_object_get_string(value);
}

static void
writes_problems(void)
{
	struct request r = { .id = "req-1" };
	struct json_object *json;

	reply_problem(&r, ERR_INSUFFICIENT_CREDITS, "7 \"short\"",
	    "{\"balance\":3,\"suggestions\":[]}");
	CU_ASSERT_EQUAL(r.reply.status, 402);
	CHECK_TEXT(r.reply.content_type, "application/problem+json");
	CU_ASSERT_EQUAL(r.reply.body_len, strlen(r.reply.body));
	json = json_tokener_parse(r.reply.body);
	CHECK_TEXT(member(json, "type"),
	    "urn:florin:problem:insufficient_credits");
	CHECK_TEXT(member(json, "title"), "Not enough credits");
	CHECK_TEXT(member(json, "status"), "402");
	CHECK_TEXT(member(json, "detail"), "7 \"short\"");
	CHECK_TEXT(member(json, "code"), "insufficient_credits");
	CHECK_TEXT(member(json, "request_id"), "req-1");
	CHECK_TEXT(member(json, "balance"), "3");
	CHECK_TEXT(member(json, "suggestions"), "[ ]");
	CU_ASSERT_TRUE(has_header(&r, "Content-Language: en\r\n"));
	CU_ASSERT_FALSE(has_header(&r, "Retry-After"));
	json_object_put(json);
	end_reply(&r);
}

/* Every error is a whole problem, in both languages. */
static void
writes_each_problem(void)
{
	for (int i = ERR_NONE + 1; i < ERR_COUNT; i++)
		for (int zh = 0; zh < 2; zh++) {
			const struct error_row *row = error_row((enum err)i);
			struct request r = { .id = "x" };
			struct json_object *json;

			if (zh)
				r.params.accept_language = "zh-CN";
			reply_problem(&r, (enum err)i, NULL, zh ? "{}" : NULL);
			json = json_tokener_parse(r.reply.body);
			CHECK(json != NULL, "%s is JSON", r.reply.body);
			CHECK_TEXT(member(json, "title"),
			    zh ? row->title_zh : row->title_en);
			CHECK_TEXT(member(json, "detail"),
			    zh ? row->title_zh : row->title_en);
			CHECK(has_header(&r, "Retry-After: ") ==
				(row->status == 503),
			    "%s has Retry-After or not", row->code);
			json_object_put(json);
			end_reply(&r);
		}
}

static void
chooses_the_language(void)
{
	static const struct {
		const char *header;
		bool chinese;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ "*", false },
		{ "en", false },
		{ "fr-FR,fr", false },
		{ "zh", true },
		{ "zh-CN", true },
		{ "ZH-cn", true },
		{ "zh-Hans-CN,zh;q=0.9,en;q=0.8", true },
		{ "en-US,en;q=0.9,zh-CN;q=0.8", false },
		{ "en;q=0.5, zh;q=0.7", true },
		{ "fr, zh;q=0.1", true },
		{ "zh;q=0", false },
		{ "zho", false },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct request r = { .id = "x" };

		r.params.accept_language = cases[i].header;
		reply_problem(&r, ERR_NOT_FOUND, NULL, NULL);
		CHECK(has_header(&r, "Content-Language: zh-CN\r\n") ==
			cases[i].chinese,
		    "<%s>", cases[i].header == NULL ? "" : cases[i].header);
		end_reply(&r);
	}
}

static void
knows_its_own_tags(void)
{
	static const char *const wrong[] = { "", "*", "\"\"", "W/\"x-5\"",
		"\"5\"", "W/\"-5\"" };
	char tag[64], header[300];

	reply_etag(tag, "alice", 42);
	CHECK(strncmp(tag, "W/\"", 3) == 0 && tag[strlen(tag) - 1] == '"',
	    "%s is a tag", tag);
	CU_ASSERT_EQUAL(reply_known_revision(tag, "alice"), 42);
	CU_ASSERT_EQUAL(reply_known_revision(tag + 2, "alice"), 42);
	CU_ASSERT_EQUAL(reply_known_revision(tag, "bob"), -1);
	CU_ASSERT_EQUAL(reply_known_revision(NULL, "alice"), -1);
	for (size_t i = 0; i < LENGTH(wrong); i++)
		CHECK(reply_known_revision(wrong[i], "alice") == -1,
		    "<%s> names none", wrong[i]);
	snprintf(header, sizeof(header), "\"a\", %s , W/\"b\"", tag);
	CU_ASSERT_EQUAL(reply_known_revision(header, "alice"), 42);
	/* of several the newest; one that was tampered with is none */
	reply_etag(header, "alice", 41);
	strcat(header, ", ");
	strcat(header, tag);
	CU_ASSERT_EQUAL(reply_known_revision(header, "alice"), 42);
	tag[strlen(tag) - 1] = 'x';
	CU_ASSERT_EQUAL(reply_known_revision(tag, "alice"), -1);
	reply_etag(tag, "alice", 9007199254740991);
	CU_ASSERT_EQUAL(reply_known_revision(tag, "alice"), 9007199254740991);
	reply_etag(header, "bob", 9007199254740991);
	CHECK(strcmp(tag, header) != 0, "users have tags of their own");
}

static const struct route cached_row = { "GET", "/x", WHO_ALL,
	ROUTE_SCOPED | ROUTE_CACHED, NULL, "f", NULL, NULL, { { 0 } } };

static void
passes_answers_on(void)
{
	struct request r = { .route = &cached_row, .user_id = "alice" };
	struct call call = { .state = CALL_ANSWERED,
		.status = 201,
		.body = "{\"a\": 1}",
		.body_len = 8,
		.revision = 7,
		.replayed = true };
	char line[100], tag[64];

	CU_ASSERT_EQUAL(reply_call(&r, &call), ERR_NONE);
	CU_ASSERT_EQUAL(r.reply.status, 201);
	CHECK_TEXT(r.reply.body, "{\"a\": 1}"); /* byte for byte */
	CHECK_TEXT(r.reply.content_type, "application/json");
	CU_ASSERT_TRUE(has_header(&r, "Idempotent-Replayed: true\r\n"));
	reply_etag(tag, "alice", 7);
	snprintf(line, sizeof(line), "ETag: %s\r\n", tag);
	CU_ASSERT_TRUE(has_header(&r, line));
	CU_ASSERT_TRUE(has_header(&r, "Vary: Authorization\r\n"));
	buf_reset(&r.reply.headers);
	call.status = 304;
	call.replayed = false;
	reply_call(&r, &call);
	CU_ASSERT_EQUAL(r.reply.status, 304);
	CU_ASSERT_EQUAL(r.reply.body_len, 0);
	CHECK_TEXT(r.reply.content_type, NULL);
	CU_ASSERT_TRUE(has_header(&r, line));
	CU_ASSERT_FALSE(has_header(&r, "Idempotent-Replayed"));
	end_reply(&r);
}

static void
turns_failures_into_problems(void)
{
	static const struct {
		enum call_state state;
		const char *code;
		enum err err;
	} cases[] = {
		{ CALL_REFUSED, "wallet_frozen", ERR_WALLET_FROZEN },
		{ CALL_REFUSED, "no_such_code", ERR_INTERNAL },
		{ CALL_NOT_DONE, NULL, ERR_UNAVAILABLE },
		{ CALL_AGAIN, NULL, ERR_UNAVAILABLE },
		{ CALL_IN_DOUBT, NULL, ERR_OUTCOME_UNKNOWN },
		{ CALL_BAD_INPUT, NULL, ERR_INVALID_REQUEST },
		{ CALL_BROKEN, NULL, ERR_INTERNAL },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct request r = { .route = &cached_row, .user_id = "alice" };
		struct call call = { .route = &cached_row,
			.state = cases[i].state,
			.code = cases[i].code,
			.sqlstate = "XX000",
			.message = "not for clients" };

		CHECK(reply_call(&r, &call) == cases[i].err, "case %zu", i);
		CHECK(r.reply.status == error_row(cases[i].err)->status,
		    "case %zu has its status", i);
		CHECK(strstr(r.reply.body, "not for clients") == NULL,
		    "case %zu tells nothing of the inside", i);
		end_reply(&r);
	}
}

CU_TestInfo reply_tests[] = {
	{ "writes problems", writes_problems },
	{ "writes each problem", writes_each_problem },
	{ "chooses the language", chooses_the_language },
	{ "knows its own tags", knows_its_own_tags },
	{ "passes answers on", passes_answers_on },
	{ "turns failures into problems", turns_failures_into_problems },
	CU_TEST_INFO_NULL,
};
