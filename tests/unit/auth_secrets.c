#include "auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "unit.h"

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
		config.issuers[0] = token_issuer("site", cases[i].secret);
		auth = auth_new(&config, &error);
		CHECK((auth != NULL) == cases[i].good, "secret %zu: %s", i,
		    auth == NULL ? error : "good");
		if (auth == NULL)
			CHECK(strstr(error, "issuer site") == error &&
				strstr(error, "too short") != NULL,
			    "%s", error);
		auth_free(auth);
		token_forget(&config);
	}
	config.issuers[0] = token_issuer("site", KEY "\n");
	CHECK_FAULT(token_check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_OK, "the newline is no part of the secret");
	config.issuers[0].algorithms[1] = "HS512";
	CU_ASSERT_PTR_NULL(auth_new(&config, &error)); /* needs 64 bytes */
	config.issuers[0].algorithms[1] = "RS256";
	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	config.issuers[0].algorithms[0] = NULL;
	CU_ASSERT_PTR_NULL(auth_new(&config, &error));
	token_forget(&config);
	auth_free(NULL);
}

static void
finds_secret_files(void)
{
	static const char *const bad[] = { "/nonexistent/secret", "/tmp",
		"credential:", "credential:nosuch", "credential:../x",
		"credential:a/b", "" };
	struct config config = { .issuers = { token_issuer("site", KEY) },
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
	CHECK_FAULT(token_check_with(&config, token("{" CLAIMS "}"), &who),
	    AUTH_OK, "a credential of systemd");
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
		config.issuers[0] = token_issuer("site", large);
		large[len] = 's';
		auth = auth_new(&config, &error);
		CHECK((auth != NULL) == (len == 4096), "%zu bytes", len);
		auth_free(auth);
		token_forget(&config);
	}
	free(large);
}

CU_TestInfo auth_secrets_tests[] = {
	{ "loads secrets", loads_secrets },
	{ "finds secret files", finds_secret_files },
	{ "refuses a secret that is too long",
	    refuses_a_secret_that_is_too_long },
	CU_TEST_INFO_NULL,
};
