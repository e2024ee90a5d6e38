#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "unit.h"

static void
remembers_for_a_minute(void)
{
	struct config config = { .issuers = { token_issuer("site", KEY) },
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
	token_forget(&config);
}

static void
never_outlives_the_token(void)
{
	struct config config = { .issuers = { token_issuer("site", KEY) },
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
	token_forget(&config);
}

static void
remembers_no_fault(void)
{
	struct config config = { .issuers = { token_issuer("site", KEY) },
		.issuers_count = 1 };
	const char *error, *line = token("{" CLAIMS ",\"nbf\":1769817640}");
	struct auth *auth = auth_new(&config, &error);
	struct identity who;

	CU_ASSERT_EQUAL(auth_check(auth, line, NOW, &who), AUTH_NOT_YET);
	CU_ASSERT_EQUAL(auth_check(auth, line, NOW + 10, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_cache_hits(auth), 0);
	auth_free(auth);
	token_forget(&config);
}

/* More tokens than places: each is still its own user. */
static void
confuses_nobody(void)
{
	struct config config = { .issuers = { token_issuer("site", KEY) },
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
	token_forget(&config);
}

CU_TestInfo auth_cache_tests[] = {
	{ "remembers for a minute", remembers_for_a_minute },
	{ "never outlives the token", never_outlives_the_token },
	{ "remembers no fault", remembers_no_fault },
	{ "confuses nobody", confuses_nobody },
	CU_TEST_INFO_NULL,
};
