#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "unit.h"

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
		CHECK_FAULT(token_check(token(payload)), cases[i].fault,
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
		CHECK_FAULT(token_check(token(payload)), cases[i].fault,
		    cases[i].sub);
	}
	CHECK_FAULT(token_check(token("{" EXP "}")), AUTH_SUBJECT, "no sub");
	snprintf(payload, sizeof(payload), "{\"sub\":\"%0128d\"," EXP "}", 0);
	CHECK_FAULT(token_check(token(payload)), AUTH_OK, "128 bytes");
	snprintf(payload, sizeof(payload), "{\"sub\":\"%0129d\"," EXP "}", 0);
	CHECK_FAULT(token_check(token(payload)), AUTH_SUBJECT, "129 bytes");
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
	struct config config = { .issuers = { token_issuer("site", KEY) },
		.issuers_count = 1 };
	struct issuer_config *site = &config.issuers[0];
	struct identity who;
	char payload[300];

	site->iss = "https://a";
	site->audience = "me";
	for (size_t i = 0; i < LENGTH(cases); i++) {
		snprintf(payload, sizeof(payload), "{" CLAIMS ",%s}",
		    cases[i].claims);
		CHECK_FAULT(token_check_with(&config, token(payload), &who),
		    cases[i].fault, cases[i].claims);
	}
	site->required_claims[0] = "iss";
	CHECK_FAULT(token_check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_ISSUER, "a required iss is absent");
	site->required_claims[0] = "aud";
	CHECK_FAULT(token_check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_AUDIENCE, "a required aud is absent");
	site->required_claims[0] = "jti";
	CHECK_FAULT(token_check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_CLAIMS, "a required claim is absent");
	CHECK_FAULT(token_check_with(&config,
			token("{" CLAIMS ",\"jti\":\"1\"}"), &who),
	    AUTH_OK, "a required claim is there");
	token_forget(&config);
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
	struct config plain = { .issuers = { token_issuer("site", KEY) },
		.issuers_count = 1 };
	struct config mapped = { .issuers = { token_issuer("site", KEY) },
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
		CHECK_FAULT(token_check_with(&plain, token(payload), &who),
		    cases[i].plain == ROLE_NONE ? AUTH_ROLE : AUTH_OK,
		    cases[i].claims);
		CHECK(who.role == cases[i].plain, "%s", cases[i].claims);
		token_check_with(&mapped, token(payload), &who);
		CHECK(who.role == cases[i].mapped, "%s, mapped",
		    cases[i].claims);
	}
	snprintf(payload, sizeof(payload), "{" CLAIMS ",\"role\":\"%0500d\"}",
	    0);
	CHECK_FAULT(token_check_with(&plain, token(payload), &who), AUTH_OK,
	    "a long word");
	CU_ASSERT_EQUAL(who.role, ROLE_USER);
	plain.issuers[0].role_claim =
	    "https://site.example/claims/with/a/name/of/more/than/64/bytes";
	CHECK_FAULT(
	    token_check_with(&plain,
		token("{" CLAIMS ",\"https://site"
		      ".example/claims/with/a/name/of/more/than/64/bytes\":"
		      "\"service\""
		      ",\"role\":\"admin\"}"),
		&who),
	    AUTH_OK, "another claim");
	CU_ASSERT_EQUAL(who.role, ROLE_SERVICE);
	token_forget(&plain);
	token_forget(&mapped);
}

static void
chooses_among_issuers(void)
{
	struct config config = { .issuers = { token_issuer("one", KEY),
				     token_issuer("two", OTHER_KEY),
				     token_issuer("three",
					 OTHER_KEY OTHER_KEY) },
		.issuers_count = 3 };
	struct identity who;

	config.issuers[0].iss = "https://one";
	config.issuers[1].iss = "https://two";
	config.issuers[2].algorithms[0] = "HS512";
	CHECK_FAULT(token_check_with(&config,
			token("{" CLAIMS ",\"iss\":\"https://one\"}"), &who),
	    AUTH_OK, "one");
	CHECK_TEXT(who.issuer, "one");
	CHECK_FAULT(token_check_with(&config,
			token_of(EVP_sha256(), OTHER_KEY, HEADER,
			    "{" CLAIMS ",\"iss\":\"https://two\"}"),
			&who),
	    AUTH_OK, "two");
	CHECK_TEXT(who.issuer, "two");
	/* nobody signs for another */
	CHECK_FAULT(token_check_with(&config,
			token("{" CLAIMS ",\"iss\":\"https://two\"}"), &who),
	    AUTH_SIGNATURE, "one for two");
	/* without a name, whose key fits */
	CHECK_FAULT(token_check_with(&config,
			token_of(EVP_sha256(), OTHER_KEY, HEADER,
			    "{" CLAIMS "}"),
			&who),
	    AUTH_OK, "no iss");
	CHECK_TEXT(who.issuer, "two");
	CHECK_FAULT(token_check_with(&config,
			token("{" CLAIMS ",\"iss\":\"https://other\"}"), &who),
	    AUTH_ISSUER, "a stranger");
	CHECK_FAULT(token_check_with(&config,
			token_of(EVP_sha512(), OTHER_KEY OTHER_KEY,
			    "{\"alg\":\"HS512\"}", "{" CLAIMS "}"),
			&who),
	    AUTH_OK, "three");
	CHECK_TEXT(who.issuer, "three");
	/* the algorithm is the issuer's choice, not the token's */
	CHECK_FAULT(token_check_with(&config,
			token_of(EVP_sha512(), KEY, "{\"alg\":\"HS512\"}",
			    "{" CLAIMS ",\"iss\":\"https://one\"}"),
			&who),
	    AUTH_ALGORITHM, "HS512 of one");
	CHECK_FAULT(token_check_with(&config,
			token_of(EVP_sha256(), OTHER_KEY OTHER_KEY, HEADER,
			    "{" CLAIMS "}"),
			&who),
	    AUTH_SIGNATURE, "HS256 of three");
	token_forget(&config);
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

CU_TestInfo auth_claims_tests[] = {
	{ "checks times", checks_times },
	{ "checks subjects", checks_subjects },
	{ "checks issuer and audience", checks_issuer_and_audience },
	{ "gives roles", gives_roles },
	{ "chooses among issuers", chooses_among_issuers },
	{ "names callers", names_callers },
	CU_TEST_INFO_NULL,
};
