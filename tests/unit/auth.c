#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jwt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "unit.h"
#include "util/buf.h"
#include "util/hex.h"

enum { NOW = 1769817600 };

#define KEY "0123456789abcdef0123456789abcdef"
#define OTHER_KEY "ffffffffffffffffffffffffffffffff"
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define EXP "\"exp\":1769817700"
#define CLAIMS "\"sub\":\"alice\"," EXP

/* "Bearer " and a token that is made here, without the library under test;
 * kept until the next but seven. */
static const char *
token_of(const EVP_MD *md, const char *key, const char *header,
    const char *payload)
{
	static struct buf ring[8];
	static unsigned at;
	struct buf *b = &ring[at++ % 8];
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned mac_len;
	char *text = malloc(4 * (strlen(header) + strlen(payload)) + 200);

	buf_reset(b);
	buf_adds(b, "Bearer ");
	base64url_encode(text, (const uint8_t *)header, strlen(header));
	buf_printf(b, "%s.", text);
	base64url_encode(text, (const uint8_t *)payload, strlen(payload));
	buf_adds(b, text);
	HMAC(md, key, (int)strlen(key), (uint8_t *)b->data + 7, b->len - 7, mac,
	    &mac_len);
	base64url_encode(text, mac, mac_len);
	buf_printf(b, ".%s", text);
	free(text);
	return b->data;
}

static const char *
token(const char *payload)
{
	return token_of(EVP_sha256(), KEY, HEADER, payload);
}

static const char *
secret(const char *name, const char *text)
{
	return strdup(unit_file(name, text, strlen(text)));
}

/* An issuer as the configuration's defaults make it, and its secret. */
static struct issuer_config
issuer(const char *name, const char *key)
{
	return (struct issuer_config){ .name = name,
		.iss = "",
		.audience = "",
		.algorithms = { "HS256" },
		.secret_file = secret(name, key),
		.role_claim = "role",
		.may_mint = { "user", "service", "admin" } };
}

static void
forget_secrets(struct config *config)
{
	for (size_t i = 0; i < config->issuers_count; i++)
		free((char *)config->issuers[i].secret_file);
}

/* Check one header against a configuration of its own. */
static enum auth_fault
check_with(struct config *config, const char *header, struct identity *who)
{
	const char *error;
	struct auth *auth = auth_new(config, &error);
	enum auth_fault fault;

	CHECK(auth != NULL, "%s", error);
	fault = auth_check(auth, header, NOW, who);
	auth_free(auth);
	return fault;
}

static enum auth_fault
check(const char *header)
{
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	struct identity who;
	enum auth_fault fault = check_with(&config, header, &who);

	CHECK(fault == AUTH_OK || who.role == ROLE_NONE,
	    "a refused token names nobody");
	forget_secrets(&config);
	return fault;
}

#define CHECK_FAULT(fault, expected, what)                            \
	do {                                                          \
		enum auth_fault got = (fault);                        \
		CHECK(got == (expected), "%s: %s, not: %s", what,     \
		    auth_fault_text(expected), auth_fault_text(got)); \
	} while (0)

static void
accepts_a_token(void)
{
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	struct identity who;
	char caller[140];

	CHECK_FAULT(check_with(&config, token("{" CLAIMS "}"), &who), AUTH_OK,
	    "a good token");
	CU_ASSERT_EQUAL(who.role, ROLE_USER);
	CHECK_TEXT(who.subject, "alice");
	CHECK_TEXT(who.issuer, "site");
	CU_ASSERT_EQUAL(who.expires_at, 1769817700);
	auth_caller(caller, &who);
	CHECK_TEXT(caller, "user");
	CHECK_FAULT(
	    check_with(&config,
		token(
		    "{" CLAIMS ",\"iat\":1769817600,"
		    "\"nbf\":1769817600,\"iss\":\"any\",\"aud\":\"any\",\"jti\":\"x\","
		    "\"app\":{\"a\":[1,null,2.5]},\"role\":\"admin\"}"),
		&who),
	    AUTH_OK, "all claims");
	CU_ASSERT_EQUAL(who.role, ROLE_ADMIN);
	auth_caller(caller, &who);
	CHECK_TEXT(caller, "admin:alice");
	forget_secrets(&config);
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
	struct config config = { .issuers = { issuer("site", KEY) },
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
	forget_secrets(&config);
}

static void
checks_the_header_line(void)
{
	const char *good = token("{" CLAIMS "}");
	char line[1000];

	CHECK_FAULT(check(NULL), AUTH_MISSING, "NULL");
	CHECK_FAULT(check(""), AUTH_MISSING, "empty");
	CHECK_FAULT(check("Bearer"), AUTH_SCHEME, "no token");
	CHECK_FAULT(check("Bearer "), AUTH_SCHEME, "a blank");
	CHECK_FAULT(check("Bearer    "), AUTH_SCHEME, "blanks");
	CHECK_FAULT(check("Basic YTpi"), AUTH_SCHEME, "Basic");
	CHECK_FAULT(check(good + 7), AUTH_SCHEME, "no scheme");
	CHECK_FAULT(check("Bearer\ta.b.c"), AUTH_SCHEME, "a tab");
	snprintf(line, sizeof(line), "Bearer%s", good + 7);
	CHECK_FAULT(check(line), AUTH_SCHEME, "no blank");
	snprintf(line, sizeof(line), " %s", good);
	CHECK_FAULT(check(line), AUTH_SCHEME, "a blank before");
	snprintf(line, sizeof(line), "bEARER  %s", good + 7);
	CHECK_FAULT(check(line), AUTH_OK, "any case, two blanks");
	snprintf(line, sizeof(line), "%s ", good);
	CHECK_FAULT(check(line), AUTH_ENCODING, "a blank behind");
	snprintf(line, sizeof(line), "%s, Basic x", good);
	CHECK_FAULT(check(line), AUTH_ENCODING, "two schemes");
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
		CHECK_FAULT(check(line), cases[i].fault, cases[i].token);
	}
	memset(large, 'a', 9000001 + 7);
	memcpy(large, "Bearer ", 7);
	large[9000001 + 7] = '\0';
	CHECK_FAULT(check(large), AUTH_SIZE, "9 MB");
	large[2000] = large[4000] = '.';
	CHECK_FAULT(check(large), AUTH_SIZE, "9 MB in parts");
	large[7 + TOKEN_BYTES_MAX + 1] = '\0';
	CHECK_FAULT(check(large), AUTH_SIZE, "one byte too many");
	large[7 + TOKEN_BYTES_MAX] = '\0';
	CU_ASSERT_NOT_EQUAL(check(large), AUTH_SIZE);
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
	CHECK_FAULT(check(line), AUTH_OK, "the longest token");
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
		CHECK_FAULT(check(token_of(EVP_sha256(), KEY, cases[i].header,
				"{" CLAIMS "}")),
		    cases[i].fault, cases[i].header);
}

static void
refuses_other_keys(void)
{
	static const char *const headers[] = { HEADER, "{\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}" };

	for (size_t i = 0; i < LENGTH(headers); i++) {
		CHECK_FAULT(check(token_of(EVP_sha256(), KEY, headers[i],
				"{" CLAIMS "}")),
		    AUTH_OK, headers[i]);
		CHECK_FAULT(check(token_of(EVP_sha256(), OTHER_KEY, headers[i],
				"{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
		CHECK_FAULT(check(token_of(EVP_sha256(), "", headers[i],
				"{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
		CHECK_FAULT(check(token_of(EVP_sha256(), KEY "\n", headers[i],
				"{" CLAIMS "}")),
		    AUTH_SIGNATURE, headers[i]);
		CHECK_FAULT(check(token_of(EVP_sha512(), KEY, headers[i],
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
		CHECK(check(line) != AUTH_OK, "letter %zu is changed", at);
	}
	for (size_t end = signature; end < len; end++) {
		snprintf(line, sizeof(line), "%.*s", (int)end, good);
		CHECK(check(line) != AUTH_OK, "cut at %zu", end);
	}
	snprintf(line, sizeof(line), "%.*sAAAA", (int)signature, good);
	CHECK_FAULT(check(line), AUTH_SIGNATURE, "a short signature");
	snprintf(line, sizeof(line), "%sAAAAA", good);
	CHECK(check(line) != AUTH_OK, "a longer signature");
	other = token("{\"sub\":\"bob\"," EXP "}");
	snprintf(line, sizeof(line), "%.*s%s",
	    (int)(strrchr(other, '.') + 1 - other), other, good + signature);
	CHECK_FAULT(check(line), AUTH_SIGNATURE, "another's signature");
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
		CHECK_FAULT(check(token(cases[i].payload)), cases[i].fault,
		    cases[i].payload);
}

static void
checks_times(void)
{
	static const struct {
		const char *claims;
		enum auth_fault fault;
	} cases[] = {
		/* leeway: 30 seconds, both ways */
		{ "\"exp\":1769817571", AUTH_OK },
		{ "\"exp\":1769817570", AUTH_EXPIRED },
		{ "\"exp\":0", AUTH_EXPIRED },
		{ "\"exp\":-1", AUTH_EXPIRED },
		{ "\"exp\":9999999999999999", AUTH_OK },
		{ EXP ",\"nbf\":1769817630", AUTH_OK },
		{ EXP ",\"nbf\":1769817631", AUTH_NOT_YET },
		{ EXP ",\"iat\":1769817630", AUTH_OK },
		{ EXP ",\"iat\":1769817631", AUTH_NOT_YET },
		{ EXP ",\"nbf\":0,\"iat\":-5", AUTH_OK },
		/* wrong types, and no exp at all */
		{ "\"x\":1", AUTH_CLAIMS },
		{ "\"exp\":null", AUTH_CLAIMS },
		{ "\"exp\":\"1769817700\"", AUTH_CLAIMS },
		{ "\"exp\":1769817700.0", AUTH_CLAIMS },
		{ "\"exp\":1.7698177e9", AUTH_CLAIMS },
		{ "\"exp\":true", AUTH_CLAIMS },
		{ "\"exp\":[1769817700]", AUTH_CLAIMS },
		{ "\"exp\":{}", AUTH_CLAIMS },
		{ EXP ",\"nbf\":\"0\"", AUTH_CLAIMS },
		{ EXP ",\"nbf\":0.5", AUTH_CLAIMS },
		{ EXP ",\"nbf\":null", AUTH_CLAIMS },
		{ EXP ",\"nbf\":false", AUTH_CLAIMS },
		{ EXP ",\"iat\":\"now\"", AUTH_CLAIMS },
		{ EXP ",\"iat\":1e9", AUTH_CLAIMS },
	};
	char payload[200];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(payload, sizeof(payload), "{\"sub\":\"a\",%s}",
		    cases[i].claims);
		CHECK_FAULT(check(token(payload)), cases[i].fault,
		    cases[i].claims);
	}
}

static void
checks_subjects(void)
{
	static const struct {
		const char *sub;
		enum auth_fault fault;
	} cases[] = {
		{ "\"a\"", AUTH_OK },
		{ "\"auth0|x/y z\"", AUTH_OK },
		{ "\"\xe7\xa7\xaf\"", AUTH_OK },
		{ "\"\"", AUTH_SUBJECT },
		{ "1", AUTH_SUBJECT },
		{ "null", AUTH_SUBJECT },
		{ "[\"a\"]", AUTH_SUBJECT },
		{ "true", AUTH_SUBJECT },
		{ "\"a\\nb\"", AUTH_SUBJECT },
		{ "\"\\u0080\"", AUTH_SUBJECT },
		{ "\"\\u007f\"", AUTH_SUBJECT },
	};
	char payload[400];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(payload, sizeof(payload), "{\"sub\":%s," EXP "}",
		    cases[i].sub);
		CHECK_FAULT(check(token(payload)), cases[i].fault,
		    cases[i].sub);
	}
	CHECK_FAULT(check(token("{" EXP "}")), AUTH_SUBJECT, "no sub");
	snprintf(payload, sizeof(payload), "{\"sub\":\"%0128d\"," EXP "}", 0);
	CHECK_FAULT(check(token(payload)), AUTH_OK, "128 bytes");
	snprintf(payload, sizeof(payload), "{\"sub\":\"%0129d\"," EXP "}", 0);
	CHECK_FAULT(check(token(payload)), AUTH_SUBJECT, "129 bytes");
}

static void
checks_issuer_and_audience(void)
{
	static const struct {
		const char *claims;
		enum auth_fault fault;
	} cases[] = {
		{ "\"iss\":\"https://a\",\"aud\":\"me\"", AUTH_OK },
		{ "\"aud\":\"me\"", AUTH_OK },
		{ "\"iss\":\"https://a\"", AUTH_OK },
		{ "\"aud\":[\"x\",\"me\"]", AUTH_OK },
		{ "\"aud\":[\"m\\u0065\"]", AUTH_OK },
		{ "\"iss\":\"https://a/\"", AUTH_ISSUER },
		{ "\"iss\":\"\"", AUTH_ISSUER },
		{ "\"iss\":1", AUTH_CLAIMS },
		{ "\"iss\":null", AUTH_CLAIMS },
		{ "\"iss\":[\"https://a\"]", AUTH_CLAIMS },
		{ "\"aud\":\"you\"", AUTH_AUDIENCE },
		{ "\"aud\":\"me2\"", AUTH_AUDIENCE },
		{ "\"aud\":\"\"", AUTH_AUDIENCE },
		{ "\"aud\":[]", AUTH_AUDIENCE },
		{ "\"aud\":[\"x\",\"y\"]", AUTH_AUDIENCE },
		{ "\"aud\":1", AUTH_CLAIMS },
		{ "\"aud\":null", AUTH_CLAIMS },
		{ "\"aud\":{\"me\":1}", AUTH_CLAIMS },
		{ "\"aud\":[\"me\",1]", AUTH_CLAIMS },
		{ "\"aud\":[[\"me\"]]", AUTH_CLAIMS },
	};
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	struct issuer_config *site = &config.issuers[0];
	struct identity who;
	char payload[300];

	site->iss = "https://a";
	site->audience = "me";
	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(payload, sizeof(payload), "{" CLAIMS ",%s}",
		    cases[i].claims);
		CHECK_FAULT(check_with(&config, token(payload), &who),
		    cases[i].fault, cases[i].claims);
	}
	site->required_claims[0] = "iss";
	CHECK_FAULT(check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_ISSUER, "a required iss is absent");
	site->required_claims[0] = "aud";
	CHECK_FAULT(check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_AUDIENCE, "a required aud is absent");
	site->required_claims[0] = "jti";
	CHECK_FAULT(check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_CLAIMS, "a required claim is absent");
	CHECK_FAULT(check_with(&config, token("{" CLAIMS ",\"jti\":\"1\"}"),
			&who),
	    AUTH_OK, "a required claim is there");
	forget_secrets(&config);
}

static void
gives_roles(void)
{
	static const struct {
		const char *claims;
		enum role plain, mapped; /* ROLE_NONE: refused */
	} cases[] = {
		{ "\"x\":1", ROLE_USER, ROLE_USER },
		{ "\"role\":\"user\"", ROLE_USER, ROLE_USER },
		{ "\"role\":\"service\"", ROLE_SERVICE, ROLE_USER },
		{ "\"role\":\"admin\"", ROLE_ADMIN, ROLE_USER },
		{ "\"role\":\"backend\"", ROLE_USER, ROLE_SERVICE },
		{ "\"role\":\"a=b\"", ROLE_USER, ROLE_SERVICE },
		{ "\"role\":\"staff\"", ROLE_USER, ROLE_USER }, /* no mint */
		{ "\"role\":\"\"", ROLE_USER, ROLE_USER },
		{ "\"role\":\"Admin\"", ROLE_USER, ROLE_USER },
		{ "\"role\":\"admin \"", ROLE_USER, ROLE_USER },
		{ "\"role\":\"backend=service\"", ROLE_USER, ROLE_USER },
		{ "\"Role\":\"admin\"", ROLE_USER, ROLE_USER },
		{ "\"role\":1", ROLE_NONE, ROLE_NONE },
		{ "\"role\":null", ROLE_NONE, ROLE_NONE },
		{ "\"role\":true", ROLE_NONE, ROLE_NONE },
		{ "\"role\":[\"admin\"]", ROLE_NONE, ROLE_NONE },
		{ "\"role\":{}", ROLE_NONE, ROLE_NONE },
	};
	struct config plain = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	struct config mapped = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	struct identity who;
	char payload[600];

	mapped.issuers[0].role_map[0] = "backend=service";
	mapped.issuers[0].role_map[1] = "staff=admin";
	mapped.issuers[0].role_map[2] = "a=b=service";
	mapped.issuers[0].may_mint[2] = NULL; /* admin */
	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(payload, sizeof(payload), "{" CLAIMS ",%s}",
		    cases[i].claims);
		CHECK_FAULT(check_with(&plain, token(payload), &who),
		    cases[i].plain == ROLE_NONE ? AUTH_ROLE : AUTH_OK,
		    cases[i].claims);
		CHECK(who.role == cases[i].plain, "%s", cases[i].claims);
		check_with(&mapped, token(payload), &who);
		CHECK(who.role == cases[i].mapped, "%s, mapped",
		    cases[i].claims);
	}
	snprintf(payload, sizeof(payload), "{" CLAIMS ",\"role\":\"%0500d\"}",
	    0);
	CHECK_FAULT(check_with(&plain, token(payload), &who), AUTH_OK,
	    "a long word");
	CU_ASSERT_EQUAL(who.role, ROLE_USER);
	plain.issuers[0].role_claim =
	    "https://site.example/claims/with/a/name/of/more/than/64/bytes";
	CHECK_FAULT(
	    check_with(&plain,
		token(
		    "{" CLAIMS ",\"https://site"
		    ".example/claims/with/a/name/of/more/than/64/bytes\":\"service\""
		    ",\"role\":\"admin\"}"),
		&who),
	    AUTH_OK, "another claim");
	CU_ASSERT_EQUAL(who.role, ROLE_SERVICE);
	forget_secrets(&plain);
	forget_secrets(&mapped);
}

static void
chooses_among_issuers(void)
{
	struct config config = { .issuers = { issuer("one", KEY),
				     issuer("two", OTHER_KEY),
				     issuer("three", OTHER_KEY OTHER_KEY) },
		.issuers_count = 3 };
	struct identity who;

	config.issuers[0].iss = "https://one";
	config.issuers[1].iss = "https://two";
	config.issuers[2].algorithms[0] = "HS512";
	CHECK_FAULT(check_with(&config,
			token("{" CLAIMS ",\"iss\":\"https://one\"}"), &who),
	    AUTH_OK, "one");
	CHECK_TEXT(who.issuer, "one");
	CHECK_FAULT(check_with(&config,
			token_of(EVP_sha256(), OTHER_KEY, HEADER,
			    "{" CLAIMS ",\"iss\":\"https://two\"}"),
			&who),
	    AUTH_OK, "two");
	CHECK_TEXT(who.issuer, "two");
	/* nobody signs for another */
	CHECK_FAULT(check_with(&config,
			token("{" CLAIMS ",\"iss\":\"https://two\"}"), &who),
	    AUTH_SIGNATURE, "one for two");
	/* without a name, whose key fits */
	CHECK_FAULT(check_with(&config,
			token_of(EVP_sha256(), OTHER_KEY, HEADER,
			    "{" CLAIMS "}"),
			&who),
	    AUTH_OK, "no iss");
	CHECK_TEXT(who.issuer, "two");
	CHECK_FAULT(check_with(&config,
			token("{" CLAIMS ",\"iss\":\"https://other\"}"), &who),
	    AUTH_ISSUER, "a stranger");
	CHECK_FAULT(check_with(&config,
			token_of(EVP_sha512(), OTHER_KEY OTHER_KEY,
			    "{\"alg\":\"HS512\"}", "{" CLAIMS "}"),
			&who),
	    AUTH_OK, "three");
	CHECK_TEXT(who.issuer, "three");
	/* the algorithm is the issuer's choice, not the token's */
	CHECK_FAULT(check_with(&config,
			token_of(EVP_sha512(), KEY, "{\"alg\":\"HS512\"}",
			    "{" CLAIMS ",\"iss\":\"https://one\"}"),
			&who),
	    AUTH_ALGORITHM, "HS512 of one");
	CHECK_FAULT(check_with(&config,
			token_of(EVP_sha256(), OTHER_KEY OTHER_KEY, HEADER,
			    "{" CLAIMS "}"),
			&who),
	    AUTH_SIGNATURE, "HS256 of three");
	forget_secrets(&config);
}

static void
loads_secrets(void)
{
	static const struct {
		const char *secret;
		bool good;
	} cases[] = {
		{ "", false },
		{ "\n", false },
		{ KEY, true },
		{ KEY "\n", true }, /* one newline is cut */
		{ "0123456789abcdef0123456789abcde", false },
		{ "0123456789abcdef0123456789abcde\n", false },
		{ "0123456789abcdef0123456789abcde\n\n", true },
	};
	struct config config = { .issuers_count = 0 };
	struct identity who;
	const char *error;
	struct auth *auth;

	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	CHECK_TEXT(error, "there is no issuer");
	config.issuers_count = 1;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		config.issuers[0] = issuer("site", cases[i].secret);
		auth = auth_new(&config, &error);
		CHECK((auth != NULL) == cases[i].good, "secret %zu: %s", i,
		    auth == NULL ? error : "good");
		if (auth == NULL)
			CHECK(strstr(error, "issuer site") == error &&
				strstr(error, "too short") != NULL,
			    "%s", error);
		auth_free(auth);
		forget_secrets(&config);
	}
	config.issuers[0] = issuer("site", KEY "\n");
	CHECK_FAULT(check_with(&config, token("{" CLAIMS "}"), &who), AUTH_OK,
	    "the newline is no part of the secret");
	config.issuers[0].algorithms[1] = "HS512";
	CU_ASSERT_PTR_NULL(auth_new(&config, &error)); /* needs 64 bytes */
	config.issuers[0].algorithms[1] = "RS256";
	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	config.issuers[0].algorithms[0] = NULL;
	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	forget_secrets(&config);
	auth_free(NULL);
}

static void
finds_secret_files(void)
{
	static const char *const bad[] = { "/nonexistent/secret", "/tmp",
		"credential:", "credential:nosuch", "credential:../x",
		"credential:a/b", "" };
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	char *directory = strdup(config.issuers[0].secret_file);
	struct identity who;
	const char *error;

	free((char *)config.issuers[0].secret_file);
	*strrchr(directory, '/') = '\0';
	unsetenv("CREDENTIALS_DIRECTORY");
	config.issuers[0].secret_file = "credential:site";
	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	CHECK(strstr(error, "credential") != NULL, "%s", error);
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	CHECK_FAULT(check_with(&config, token("{" CLAIMS "}"), &who), AUTH_OK,
	    "a credential of systemd");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		config.issuers[0].secret_file = bad[i];
		CHECK(auth_new(&config, &error) == NULL, "<%s>", bad[i]);
	}
	config.issuers[0].secret_file = NULL;
	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	unsetenv("CREDENTIALS_DIRECTORY");
	free(directory);
}

static void
refuses_a_secret_that_is_too_long(void)
{
	struct config config = { .issuers_count = 1 };
	char *large = malloc(5000);
	const char *error;
	struct auth *auth;

	memset(large, 's', 4999);
	for (size_t len = 4096; len <= 4098; len++) {
		large[len] = '\0';
		config.issuers[0] = issuer("site", large);
		large[len] = 's';
		auth = auth_new(&config, &error);
		CHECK((auth != NULL) == (len == 4096), "%zu bytes", len);
		auth_free(auth);
		forget_secrets(&config);
	}
	free(large);
}

static void
names_callers(void)
{
	struct identity who = { .role = ROLE_SERVICE };
	char caller[140];

	memset(who.subject, 'x', 128);
	auth_caller(caller, &who);
	CU_ASSERT_EQUAL(strlen(caller), 8 + 128);
	CU_ASSERT_EQUAL(strncmp(caller, "service:x", 9), 0);
	who.role = ROLE_ADMIN;
	auth_caller(caller, &who);
	CU_ASSERT_EQUAL(strncmp(caller, "admin:x", 7), 0);
	who.role = ROLE_USER;
	auth_caller(caller, &who);
	CHECK_TEXT(caller, "user");
	for (int i = AUTH_OK; i <= AUTH_ROLE; i++)
		CHECK(auth_fault_text((enum auth_fault)i) != NULL &&
			*auth_fault_text((enum auth_fault)i) != '\0',
		    "fault %d", i);
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
	{ "checks times", checks_times },
	{ "checks subjects", checks_subjects },
	{ "checks issuer and audience", checks_issuer_and_audience },
	{ "gives roles", gives_roles },
	{ "chooses among issuers", chooses_among_issuers },
	{ "loads secrets", loads_secrets },
	{ "finds secret files", finds_secret_files },
	{ "refuses a secret that is too long",
	    refuses_a_secret_that_is_too_long },
	{ "names callers", names_callers },
	{ "knows what libjwt lets pass", knows_what_libjwt_lets_pass },
	CU_TEST_INFO_NULL,
};

static void
remembers_for_a_minute(void)
{
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	const char *error,
	    *line = token("{\"sub\":\"a\",\"exp\":1769821200,"
			  "\"role\":\"service\"}");
	struct auth *auth = auth_new(&config, &error);
	struct identity first, who;

	CU_ASSERT_EQUAL(auth_check(auth, line, NOW, &first), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 0);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 59, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 2);
	CU_ASSERT_EQUAL(memcmp(&who, &first, sizeof(who)), 0);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 60, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 2); /* verified again */
	/* a clock that goes back trusts nothing */
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 10, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 2);
	auth_free(auth);
	forget_secrets(&config);
}

static void
never_outlives_the_token(void)
{
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	const char *error, *line = token("{\"sub\":\"a\",\"exp\":1769817610}");
	struct auth *auth = auth_new(&config, &error);
	struct identity who;

	CU_ASSERT_EQUAL(auth_check(auth, line, NOW, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 9, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 1);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 10, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 1); /* within the leeway */
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 39, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 40, &who), AUTH_EXPIRED);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 1);
	auth_free(auth);
	forget_secrets(&config);
}

static void
remembers_no_fault(void)
{
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	const char *error, *line = token("{" CLAIMS ",\"nbf\":1769817640}");
	struct auth *auth = auth_new(&config, &error);
	struct identity who;

	CU_ASSERT_EQUAL(auth_check(auth, line, NOW, &who), AUTH_NOT_YET);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 10, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 0);
	auth_free(auth);
	forget_secrets(&config);
}

/* More tokens than places: each is still its own user. */
static void
confuses_nobody(void)
{
	struct config config = { .issuers = { issuer("site", KEY) },
		.issuers_count = 1 };
	const char *error;
	struct auth *auth = auth_new(&config, &error);
	char payload[100], name[20];
	struct identity who;
	unsigned wrong = 0;

	for (int i = 0; i < 12000; i++) {
		/* recent ones again, so that there are hits as well */
		int n = i % 3 == 2 ? i - 2 : i;

		snprintf(name, sizeof(name), "user-%d", n);
		snprintf(payload, sizeof(payload), "{\"sub\":\"%s\"," EXP "}",
		    name);
		wrong += auth_check(auth, token(payload), NOW, &who) !=
			AUTH_OK ||
		    strcmp(who.subject, name) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(auth_cache_hits(auth) > 3000);
	/* a token that differs in its last letter only is another token */
	{
		char line[500];

		strcpy(line, token("{" CLAIMS "}"));
		CU_ASSERT_EQUAL(auth_check(auth, line, NOW, &who), AUTH_OK);
		line[strlen(line) - 2] ^= 1;
		CU_ASSERT_NOT_EQUAL(auth_check(auth, line, NOW, &who), AUTH_OK);
	}
	auth_free(auth);
	forget_secrets(&config);
}

CU_TestInfo auth_cache_tests[] = {
	{ "remembers for a minute", remembers_for_a_minute },
	{ "never outlives the token", never_outlives_the_token },
	{ "remembers no fault", remembers_no_fault },
	{ "confuses nobody", confuses_nobody },
	CU_TEST_INFO_NULL,
};
