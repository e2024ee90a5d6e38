#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jwt.h>

#include "token.h"
#include "unit.h"
#include "util/buf.h"

static void
accepts_a_token(void)
{
	struct config config = { .issuers = { token_issuer("site", KEY) },
		.issuers_count = 1 };
	struct identity who;
	char caller[140];

	CHECK_FAULT(token_check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_OK, "a good token");
	CU_ASSERT_EQUAL(who.role, ROLE_USER);
	CHECK_TEXT(who.subject, "alice");
	CHECK_TEXT(who.issuer, "site");
	CU_ASSERT_EQUAL(who.expires_at, 1769817700);
	auth_caller(caller, &who);
	CHECK_TEXT(caller, "user");
	CHECK_FAULT(
	    token_check_with(&config,
		token("{" CLAIMS ",\"iat\":1769817600,"
		      "\"nbf\":1769817600,\"iss\":\"any\",\"aud\":\"any\","
		      "\"jti\":\"x\","
		      "\"app\":{\"a\":[1,null,2.5]},\"role\":\"admin\"}"),
		&who),
	    AUTH_OK, "all claims");
	CU_ASSERT_EQUAL(who.role, ROLE_ADMIN);
	auth_caller(caller, &who);
	CHECK_TEXT(caller, "admin:alice");
	token_forget(&config);
}

/* RFC 7515, appendix A.1: a signature that somebody else made. */
static void
verifies_the_vector_of_the_rfc(void)
{
	static const uint8_t key[] = { 3, 35, 53, 75, 43, 15, 165, 188, 131,
		126, 6, 101, 119, 123, 166, 143, 90, 179, 40, 230, 240, 84, 201,
		40, 169, 15, 132, 178, 210, 80, 46, 191, 211, 251, 90, 146, 210,
		6, 71, 239, 150, 138, 180, 195, 119, 98, 61, 34, 61, 46, 33,
		114, 5, 46, 79, 8, 192, 205, 154, 245, 103, 208, 128, 163 };
	static const char header[] =
	    "Bearer eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
	    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
	    "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
	    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	struct config config = { .issuers = { token_issuer("site", KEY) },
		.issuers_count = 1 };
	struct identity who;
	const char *error;
	struct auth *auth;

	free((char *)config.issuers[0].secret_file);
	config.issuers[0].secret_file = strdup(
	    unit_file("rfc", (const char *)key, sizeof(key)));
	auth = auth_new(&config, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(auth);
	/* it has no sub: everything before that is right */
	CHECK_FAULT(auth_check(auth, header, 1300819370, &who), AUTH_SUBJECT,
	    "the token of the RFC");
	CHECK_FAULT(auth_check(auth, header, 1300819500, &who), AUTH_EXPIRED,
	    "the token of the RFC, later");
	auth_free(auth);
	token_forget(&config);
}

static void
checks_the_header_line(void)
{
	const char *good = token("{" CLAIMS "}");
	char line[1000];

	CHECK_FAULT(token_check(NULL), AUTH_MISSING, "NULL");
	CHECK_FAULT(token_check(""), AUTH_MISSING, "empty");
	CHECK_FAULT(token_check("Bearer"), AUTH_SCHEME, "no token");
	CHECK_FAULT(token_check("Bearer "), AUTH_SCHEME, "a blank");
	CHECK_FAULT(token_check("Bearer    "), AUTH_SCHEME, "blanks");
	CHECK_FAULT(token_check("Basic YTpi"), AUTH_SCHEME, "Basic");
	CHECK_FAULT(token_check(good + 7), AUTH_SCHEME, "no scheme");
	CHECK_FAULT(token_check("Bearer\ta.b.c"), AUTH_SCHEME, "a tab");
	snprintf(line, sizeof(line), "Bearer%s", good + 7);
	CHECK_FAULT(token_check(line), AUTH_SCHEME, "no blank");
	snprintf(line, sizeof(line), " %s", good);
	CHECK_FAULT(token_check(line), AUTH_SCHEME, "a blank before");
	snprintf(line, sizeof(line), "bEARER  %s", good + 7);
	CHECK_FAULT(token_check(line), AUTH_OK, "any case, two blanks");
	snprintf(line, sizeof(line), "%s ", good);
	CHECK_FAULT(token_check(line), AUTH_ENCODING, "a blank behind");
	snprintf(line, sizeof(line), "%s, Basic x", good);
	CHECK_FAULT(token_check(line), AUTH_ENCODING, "two schemes");
}

static void
checks_the_parts(void)
{
	static const struct {
		const char *token;
		enum auth_fault fault;
	} cases[] = {
		{ "a", AUTH_SEGMENTS },
		{ ".", AUTH_SEGMENTS },
		{ "..", AUTH_SEGMENTS },
		{ "...", AUTH_SEGMENTS },
		{ "aaaa.bbbb", AUTH_SEGMENTS },
		{ "aaaa..cccc", AUTH_SEGMENTS },
		{ ".bbbb.cccc", AUTH_SEGMENTS },
		{ "aaaa.bbbb.", AUTH_SEGMENTS },
		{ "aaaa.bbbb.cccc.dddd", AUTH_SEGMENTS },
		{ "aaaa.bbbb.cccc.", AUTH_SEGMENTS },
		{ "aaaa.bbbb.c", AUTH_ENCODING },
		{ "aaaa.bbbb.ccc=", AUTH_ENCODING },
		{ "aaaa.bbbb.cc/c", AUTH_ENCODING },
		{ "aaaa.bbbb.cc+c", AUTH_ENCODING },
		{ "a.bbbb.cccc", AUTH_ENCODING },
		{ "aa\xff"
		  "a.bbbb.cccc",
		    AUTH_ENCODING },
		{ "aaaa.bbbb.cccc", AUTH_HEADER },
		{ "eyJhbGciOiJIUzI1NiJ9.b.cccc", AUTH_ENCODING },
		{ "eyJhbGciOiJIUzI1NiJ9.bbbb.cccc", AUTH_PAYLOAD },
		/* {"alg":"HS256"} with two more bits than there are */
		{ "eyJhbGciOiJIUzI1NiJ9eh.bbbb.cccc", AUTH_ENCODING },
	};
	char *large = malloc(9000001 + 8);
	char line[200];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(line, sizeof(line), "Bearer %s", cases[i].token);
		CHECK_FAULT(token_check(line), cases[i].fault, cases[i].token);
	}
	memset(large, 'a', 9000001 + 7);
	memcpy(large, "Bearer ", 7);
	large[9000001 + 7] = '\0';
	CHECK_FAULT(token_check(large), AUTH_SIZE, "9 MB");
	large[2000] = large[4000] = '.';
	CHECK_FAULT(token_check(large), AUTH_SIZE, "9 MB in parts");
	large[7 + TOKEN_BYTES_MAX + 1] = '\0';
	CHECK_FAULT(token_check(large), AUTH_SIZE, "one byte too many");
	large[7 + TOKEN_BYTES_MAX] = '\0';
	CU_ASSERT_NOT_EQUAL(token_check(large), AUTH_SIZE);
	free(large);
}

/* The longest token that is allowed is not too long for any place. */
static void
accepts_the_longest_token(void)
{
	struct buf payload = { 0 };
	const char *line;
	size_t fill = 6000;

	do {
		buf_reset(&payload);
		buf_printf(&payload, "{" CLAIMS ",\"x\":\"%0*d\"}", (int)fill,
		    0);
		line = token(payload.data);
		fill++;
	} while (strlen(line) < 7 + TOKEN_BYTES_MAX - 1);
	CHECK_FAULT(token_check(line), AUTH_OK, "the longest token");
	buf_free(&payload);
}

static void
checks_the_token_header(void)
{
	static const struct {
		const char *header;
		enum auth_fault fault;
	} cases[] = {
		{ "{\"alg\":\"HS256\"}", AUTH_OK },
		{ "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", AUTH_OK },
		{ "{\"alg\":\"HS256\",\"typ\":\"jwt\"}", AUTH_OK },
		{ "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", AUTH_OK },
		{ "{\"alg\":\"HS256\",\"typ\":\"AT+JWT\"}", AUTH_OK },
		{ " {\"alg\" : \"HS256\" , \"kid\":\"1\",\"x5u\":{\"a\":1}}\n",
		    AUTH_OK },
		{ "{\"\\u0061lg\":\"HS25\\u0036\"}", AUTH_OK },
		{ "{}", AUTH_HEADER },
		{ "[]", AUTH_HEADER },
		{ "\"HS256\"", AUTH_HEADER },
		{ "null", AUTH_HEADER },
		{ "{\"alg\":\"HS256\"", AUTH_HEADER },
		{ "{\"alg\":\"HS256\"}}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}", AUTH_HEADER },
		{ "{'alg':'HS256'}", AUTH_HEADER },
		{ "{\"alg\":256}", AUTH_HEADER },
		{ "{\"alg\":null}", AUTH_HEADER },
		{ "{\"alg\":[\"HS256\"]}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"typ\":\"JWE\"}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"typ\":\"\"}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"typ\":null}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"typ\":1}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"typ\":\"application/at+jwt\"}",
		    AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"kid\":1}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"kid\":null}", AUTH_HEADER },
		{ "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", AUTH_CRIT },
		{ "{\"alg\":\"HS256\",\"crit\":[]}", AUTH_CRIT },
		{ "{\"alg\":\"HS256\",\"crit\":null}", AUTH_CRIT },
		{ "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
		    AUTH_CRIT },
		{ "{\"alg\":\"none\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"None\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"NONE\",\"typ\":\"JWT\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"hs256\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"HS256 \"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"HS384\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"HS512\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"RS256\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"ES256\"}", AUTH_ALGORITHM },
		{ "{\"alg\":\"a very long name of an algorithm\"}",
		    AUTH_ALGORITHM },
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK_FAULT(token_check(token_of(EVP_sha256(), KEY,
				cases[i].header, "{" CLAIMS "}")),
		    cases[i].fault, cases[i].header);
}

static void
refuses_other_keys(void)
{
	static const char *const headers[] = { HEADER, "{\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}" };

	for (size_t i = 0; i < LENGTH(headers); i++) {
		CHECK_FAULT(token_check(token_of(EVP_sha256(), KEY, headers[i],
				"{" CLAIMS "}")),
		    AUTH_OK, headers[i]);
		CHECK_FAULT(token_check(token_of(EVP_sha256(), OTHER_KEY,
				headers[i], "{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
		CHECK_FAULT(token_check(token_of(EVP_sha256(), "", headers[i],
				"{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
		CHECK_FAULT(token_check(token_of(EVP_sha256(), KEY "\n",
				headers[i], "{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
		CHECK_FAULT(token_check(token_of(EVP_sha512(), KEY, headers[i],
				"{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
	}
}

/* Any letter changed, the signature cut, made longer, moved to another. */
static void
refuses_what_was_tampered_with(void)
{
	char *good = strdup(token("{" CLAIMS "}")), line[1000];
	size_t len = strlen(good);
	size_t signature = (size_t)(strrchr(good, '.') + 1 - good);
	const char *other;

	for (size_t at = 7; at < len; at++) {
		strcpy(line, good);
		line[at] = line[at] == 'A' ? 'E' : 'A';
		CHECK(token_check(line) != AUTH_OK, "letter %zu is changed",
		    at);
	}
	for (size_t end = signature; end < len; end++) {
		snprintf(line, sizeof(line), "%.*s", (int)end, good);
		CHECK(token_check(line) != AUTH_OK, "cut at %zu", end);
	}
	snprintf(line, sizeof(line), "%.*sAAAA", (int)signature, good);
	CHECK_FAULT(token_check(line), AUTH_SIGNATURE, "a short signature");
	snprintf(line, sizeof(line), "%sAAAAA", good);
	CHECK(token_check(line) != AUTH_OK, "a longer signature");
	other = token("{\"sub\":\"bob\"," EXP "}");
	snprintf(line, sizeof(line), "%.*s%s",
	    (int)(strrchr(other, '.') + 1 - other), other, good + signature);
	CHECK_FAULT(token_check(line), AUTH_SIGNATURE, "another's signature");
	free(good);
}

static void
checks_the_payload(void)
{
	static const struct {
		const char *payload;
		enum auth_fault fault;
	} cases[] = {
		{ "[]", AUTH_PAYLOAD },
		{ "1", AUTH_PAYLOAD },
		{ "null", AUTH_PAYLOAD },
		{ "{", AUTH_PAYLOAD },
		{ "{" CLAIMS "}x", AUTH_PAYLOAD },
		{ "{" CLAIMS ",}", AUTH_PAYLOAD },
		{ "{" CLAIMS ",\"sub\":\"bob\"}", AUTH_PAYLOAD },
		{ "{" CLAIMS ",\"\\u0073ub\":\"bob\"}", AUTH_PAYLOAD },
		{ "{" CLAIMS ",\"x\":{\"a\":1,\"a\":2}}", AUTH_PAYLOAD },
		{ "{\"sub\":\"a\\u0000b\"," EXP "}", AUTH_PAYLOAD },
		{ "{\"sub\":\"\xff\"," EXP "}", AUTH_PAYLOAD },
		{ "{" CLAIMS ",\"x\":[[[[[[[[1]]]]]]]]}", AUTH_PAYLOAD },
		{ "{\"sub\":\"a\",\"exp\":99999999999999999999}",
		    AUTH_PAYLOAD },
		{ "{\"sub\":\"a\",\"exp\":1e400}", AUTH_PAYLOAD },
		{ "{" CLAIMS ",\"x\":[[[[[[[1]]]]]]]}", AUTH_OK },
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK_FAULT(token_check(token(cases[i].payload)),
		    cases[i].fault, cases[i].payload);
}

/* Why the guard is there: if these stop failing, it may become smaller. */
static void
knows_what_libjwt_lets_pass(void)
{
	jwt_t *jwt = NULL;

	CU_ASSERT_EQUAL(jwt_decode(&jwt,
			    token_of(EVP_sha256(), OTHER_KEY, HEADER, "{}") + 7,
			    NULL, 0),
	    0); /* no key: anything is good */
	jwt_free(jwt);
	CU_ASSERT_EQUAL(jwt_decode(&jwt, token("{\"exp\":1}") + 7,
			    (const unsigned char *)KEY, 32),
	    0); /* expired */
	CU_ASSERT_EQUAL(jwt_get_grant_int(jwt, "exp"), 1);
	jwt_free(jwt);
}

CU_TestInfo auth_tests[] = {
	{ "accepts a token", accepts_a_token },
	{ "verifies the vector of RFC 7515", verifies_the_vector_of_the_rfc },
	{ "checks the header line", checks_the_header_line },
	{ "checks the parts", checks_the_parts },
	{ "accepts the longest token", accepts_the_longest_token },
	{ "checks the token's header", checks_the_token_header },
	{ "refuses other keys", refuses_other_keys },
	{ "refuses what was tampered with", refuses_what_was_tampered_with },
	{ "checks the payload", checks_the_payload },
	{ "knows what libjwt lets pass", knows_what_libjwt_lets_pass },
	CU_TEST_INFO_NULL,
};
