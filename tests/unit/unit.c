#include "unit.h"

#include <dirent.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <CUnit/Basic.h>

static char directory[] = "/tmp/florin-unit-XXXXXX";

void
unit_check(bool ok, const char *file, unsigned line, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	CU_assertImplementation(ok, line, text, file, "", CU_FALSE);
}

void
unit_check_text(const char *actual, const char *expected, const char *file,
    unsigned line)
{
	bool same = actual == NULL || expected == NULL
	    ? actual == expected
	    : strcmp(actual, expected) == 0;

	unit_check(same, file, line, "got <%s>, not <%s>",
	    actual == NULL ? "(null)" : actual,
	    expected == NULL ? "(null)" : expected);
}

const char *
unit_path(const char *name)
{
	static char path[4096];
	const char *srcdir = getenv("srcdir");
	char here[] = __FILE__;

	if (srcdir != NULL)
		snprintf(path, sizeof(path), "%s/tests/unit/%s", srcdir, name);
	else
		snprintf(path, sizeof(path), "%s/%s", dirname(here), name);
	return path;
}

const char *
unit_file(const char *name, const char *data, size_t len)
{
	static char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (file == NULL || fwrite(data, 1, len, file) != len ||
	    fclose(file) != 0)
		abort();
	return path;
}

double
unit_cpu_s(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
remove_directory(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	rmdir(directory);
}

/* All suites, or those that are named. */
int
main(int argc, char **argv)
{
	static CU_SuiteInfo suites[] = {
		{ "address", NULL, NULL, NULL, NULL, address_tests },
		{ "arena", NULL, NULL, NULL, NULL, arena_tests },
		{ "buf", NULL, NULL, NULL, NULL, buf_tests },
		{ "signature", NULL, NULL, NULL, NULL, signature_tests },
		{ "text", NULL, NULL, NULL, NULL, text_tests },
		{ "hex", NULL, NULL, NULL, NULL, hex_tests },
		{ "sha256", NULL, NULL, NULL, NULL, sha256_tests },
		{ "utime", NULL, NULL, NULL, NULL, utime_tests },
		{ "ratelimit", NULL, NULL, NULL, NULL, ratelimit_tests },
		{ "errors", NULL, NULL, NULL, NULL, errors_tests },
		{ "json_scan", NULL, NULL, NULL, NULL, json_tests },
		{ "json_read", NULL, NULL, NULL, NULL, json_read_tests },
		{ "jwk", NULL, NULL, NULL, NULL, jwk_tests },
		{ "input", NULL, NULL, NULL, NULL, input_tests },
		{ "payment", NULL, NULL, NULL, NULL, payment_tests },
		{ "query", NULL, NULL, NULL, NULL, query_tests },
		{ "config", NULL, NULL, NULL, NULL, config_tests },
		{ "auth", NULL, NULL, NULL, NULL, auth_tests },
		{ "auth_claims", NULL, NULL, NULL, NULL, auth_claims_tests },
		{ "auth_secrets", NULL, NULL, NULL, NULL, auth_secrets_tests },
		{ "auth_cache", NULL, NULL, NULL, NULL, auth_cache_tests },
		{ "reply", NULL, NULL, NULL, NULL, reply_tests },
		{ "route", NULL, NULL, NULL, NULL, route_tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned run, failed;

	setvbuf(stdout, NULL, _IONBF, 0); /* in order with standard error */
	if (mkdtemp(directory) == NULL ||
	    CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "unit: %s\n", CU_get_error_msg());
		return EXIT_FAILURE;
	}
	for (CU_pSuite s = CU_get_registry()->pSuite; s != NULL; s = s->pNext)
		for (int i = 1; i < argc; i++) {
			s->fActive = strcmp(argv[i], s->pName) == 0;
			if (s->fActive)
				break;
		}
	CU_set_fail_on_inactive(CU_FALSE);
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	run = CU_get_number_of_tests_run();
	failed = CU_get_number_of_failure_records();
	CU_cleanup_registry();
	remove_directory();
	return run > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
