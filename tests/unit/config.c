#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "util/buf.h"

/* What a text says on the error stream; NULL if it is good. */
static char *
complaint(const char *text)
{
	char *said = NULL;
	size_t len = 0;
	FILE *errors = open_memstream(&said, &len);
	struct config *config = config_parse("f", text, errors);

	fclose(errors);
	if (config == NULL)
		return said;
	config_free(config);
	free(said);
	return NULL;
}

static char *
printed(const struct config *config)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	config_print(config, out);
	fclose(out);
	return text;
}

static void
reads_each_setting(void)
{
	struct config *c = config_read(unit_path("florin.conf"), stderr);
	const struct pool_config *pool = &c->pools[0];
	const struct issuer_config *issuer = &c->issuers[0];

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CHECK_TEXT(c->pid_file, "");
	CHECK_TEXT(c->error_log, "/var/log/florin/florin.log");
	CHECK_TEXT(c->log_level, "warning");
	CU_ASSERT_EQUAL(c->process_control_timeout_ms, 5000);
	CHECK_TEXT(c->cors_origins[0], "https://app.example");
	CHECK_TEXT(c->cors_origins[1], "http://localhost:5173");
	CHECK_TEXT(c->cors_origins[2], NULL);

	CU_ASSERT_EQUAL(c->pools_count, 2);
	CHECK_TEXT(pool->name, "wallet");
	CHECK_TEXT(pool->listen, "/run/florin/wallet.sock");
	CHECK_TEXT(pool->listen_owner, "");
	CHECK_TEXT(pool->listen_group, "www-data");
	CU_ASSERT_EQUAL(pool->listen_mode, 0660);
	CU_ASSERT_EQUAL(pool->listen_backlog, 511);
	CHECK_TEXT(pool->database,
	    "host=/run/postgresql dbname=florin user=florin_web");
	CU_ASSERT_EQUAL(pool->max_children, 2);
	CU_ASSERT_EQUAL(pool->max_requests, 100000);
	CU_ASSERT_EQUAL(pool->batch_max, 16);
	CU_ASSERT_EQUAL(pool->request_timeout_ms, 10000);
	CU_ASSERT_EQUAL(pool->slow_ms, 500);
	CHECK_TEXT(c->pools[1].name, "bulk");
	CU_ASSERT_EQUAL(c->pools[1].request_timeout_ms, 120000);

	CHECK_TEXT(c->jobs.database,
	    "host=/run/postgresql dbname=florin user=florin_jobs");
	CU_ASSERT_EQUAL(c->jobs.max_children, 2);
	CU_ASSERT_EQUAL(c->jobs.interval_ms, 500);
	CU_ASSERT_EQUAL(c->jobs.share, 25);

	CU_ASSERT_EQUAL(c->issuers_count, 1);
	CHECK_TEXT(issuer->name, "site");
	CHECK_TEXT(issuer->iss, "https://site.example");
	CHECK_TEXT(issuer->audience, "florin");
	CHECK_TEXT(issuer->algorithms[0], "HS256");
	CHECK_TEXT(issuer->algorithms[1], NULL);
	CHECK_TEXT(issuer->secret_file, "credential:jwt_secret");
	CHECK_TEXT(issuer->role_claim, "role");
	CHECK_TEXT(issuer->role_map[1], "staff=admin");
	CHECK_TEXT(issuer->may_mint[2], "admin");
	CHECK_TEXT(issuer->required_claims[0], "iss");
	CHECK_TEXT(issuer->required_claims[2], NULL);
	config_free(c);
}

static void
has_defaults(void)
{
	struct config *c = config_parse("f",
	    "pool a {}\nissuer b { secret_file = /s }", stderr);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CHECK_TEXT(c->path, "f");
	CHECK_TEXT(c->error_log, "");
	CHECK_TEXT(c->log_level, "notice");
	CHECK_TEXT(c->cors_origins[0], NULL);
	CU_ASSERT_EQUAL(c->process_control_timeout_ms, 10000);
	CHECK_TEXT(c->pools[0].listen, "");
	CHECK_TEXT(c->pools[0].database, "");
	CU_ASSERT_EQUAL(c->pools[0].listen_mode, 0660);
	CU_ASSERT_EQUAL(c->pools[0].listen_backlog, 511);
	CU_ASSERT_EQUAL(c->pools[0].max_children, 4);
	CU_ASSERT_EQUAL(c->pools[0].max_requests, 0);
	CU_ASSERT_EQUAL(c->pools[0].batch_max, 16);
	CU_ASSERT_EQUAL(c->pools[0].request_timeout_ms, 10000);
	CU_ASSERT_EQUAL(c->pools[0].slow_ms, 1000);
	CHECK_TEXT(c->issuers[0].iss, "");
	CHECK_TEXT(c->issuers[0].audience, "");
	CHECK_TEXT(c->issuers[0].algorithms[0], "HS256");
	CHECK_TEXT(c->issuers[0].role_claim, "role");
	CHECK_TEXT(c->issuers[0].role_map[0], NULL);
	CHECK_TEXT(c->issuers[0].may_mint[0], "user");
	CHECK_TEXT(c->issuers[0].may_mint[1], NULL);
	CHECK_TEXT(c->issuers[0].required_claims[0], NULL);
	config_free(c);
}

/* What is printed is a file that says the same, with odd texts too. */
static void
prints_what_it_reads(void)
{
	static const char odd[] =
	    "error_log = \"/a \\\"b\\\" \\\\ \\$HOME #c\"\n"
	    "pool a { database = 'x=\"y\" z={1}, // ' }\n";
	struct config *c = config_read(unit_path("florin.conf"), stderr);

	for (int i = 0; i < 2; i++) {
		char *first = printed(c), *second;
		struct config *again = config_parse("f", first, stderr);

		CU_ASSERT_PTR_NOT_NULL_FATAL(again);
		second = printed(again);
		CHECK_TEXT(second, first);
		CHECK(strstr(first, "\nlog_level = ") != NULL, "%s", first);
		CHECK(strstr(first,
			  "\n\t# connections that may wait\n"
			  "\tlisten.backlog = ") != NULL,
		    "settings are documented");
		free(first);
		free(second);
		config_free(again);
		config_free(c);
		c = config_parse("f", odd, stderr);
		CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	}
	CHECK_TEXT(c->error_log, "/a \"b\" \\ $HOME #c");
	CHECK_TEXT(c->pools[0].database, "x=\"y\" z={1}, // ");
	config_free(c);
}

static void
reads_times(void)
{
	static const struct {
		const char *text;
		int ms; /* -1: refused */
	} cases[] = {
		{ "500ms", 500 },
		{ "10s", 10000 },
		{ "10", 10000 },
		{ "2m", 120000 },
		{ "1h", 3600000 },
		{ "0", 0 },
		{ "\"5s\"", 5000 },
		{ "61m", -1 },
		{ "2h", -1 },
		{ "-1", -1 },
		{ "1.5s", -1 },
		{ "10 s", -1 },
		{ "s", -1 },
		{ "10d", -1 },
		{ "0x10", -1 },
		{ "99999999999999999999", -1 },
		{ "\"\"", -1 },
		{ "3000000s", -1 },
	};
	char text[128];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		FILE *null = fopen("/dev/null", "w");
		struct config *c;

		snprintf(text, sizeof(text),
		    "process_control_timeout = %s\npool a {}", cases[i].text);
		c = config_parse("f", text, null);
		CHECK((c == NULL) == (cases[i].ms < 0), "<%s>", cases[i].text);
		if (c != NULL)
			CHECK(c->process_control_timeout_ms == cases[i].ms,
			    "<%s> is %d", cases[i].text, cases[i].ms);
		config_free(c);
		fclose(null);
	}
}

#define POOL "pool a {}\n"

/* Each bad file, where its fault stands, and a word of what is said. */
static const struct {
	const char *text, *place, *word;
} bad_files[] = {
	{ "", "f:1: ", "no pool" },
	{ "error_log = x\n\n", "f:", "no pool" },
	{ POOL "colour = red\n", "f:2: ", "colour" },
	{ "pool a {\n\tcolour = red\n}\n", "f:2: ", "colour" },
	{ POOL "log_level = loud\n", "f:2: ", "loud" },
	{ "pool a {\n\n\tbatch_max = 17\n}\n", "f:3: ", "batch_max" },
	{ "pool a { batch_max = 0 }\n", "f:1: ", "1 and 16" },
	{ "pool a { batch_max = many }\n", "f:1: ", "batch_max" },
	{ "pool a { pm.max_children = 0 }\n", "f:1: ", "pm.max_children" },
	{ "pool a { pm.max_requests = 99999999999999999999 }\n",
	    "f:1: ", "pm.max_requests" },
	{ "pool a { listen = run/x }\n", "f:1: ", "listen" },
	{ "pool a { listen.mode = 01000 }\n", "f:1: ", "listen.mode" },
	{ "pool a { request_terminate_timeout = 99ms }\n",
	    "f:1: ", "request_terminate_timeout" },
	{ "pool a {}\npool a {}\n", "f:2: ", "a" },
	{ "pool a { listen = /x }\npool b { listen = /x }\n",
	    "f:2: ", "listens" },
	{ "pool {}\n", "f:1: ", "" },
	{ "pool a {}\nprovider paypal {}\n", "f:2: ", "alipay" },
	{ "pool \"A b\" {}\n", "f:1: ", "A b" },
	{ "pool \"\" {}\n", "f:1: ", "name" },
	{ "pool a {\n", "f:", "brace" },
	{ POOL "\"", "f:2: ", "quotation" },
	{ POOL "log_level = debug \\\n", "f:2: ", "backslash" },
	{ "/* {\n*/ # \" {\npool a {}\n}", "f:4: ", "brace" },
	{ "pool a }\n", "f:2: ", "brace" },
	{ POOL "cors_origins = {\"https://a.example/\"}\n",
	    "f:2: ", "https://a.example/" },
	{ POOL "cors_origins = {\"*\"}\n", "f:2: ", "*" },
	{ POOL "cors_origins = {\"https://A.example\"}\n", "f:2: ", "scheme" },
	{ POOL "cors_origins = {\"https://\"}\n", "f:2: ", "scheme" },
	{ POOL "cors_origins = {\"://a\"}\n", "f:2: ", "scheme" },
	{ POOL "issuer i {}\n", "f:2: ", "secret_file" },
	{ POOL "issuer i {\nalgorithms = {none}\n}\n", "f:3: ", "none" },
	{ POOL "issuer i {\nalgorithms = {HS256, hs256}\n}\n",
	    "f:3: ", "hs256" },
	{ POOL "issuer i {\nalgorithms = {RS512}\n}\n", "f:3: ", "RS512" },
	{ POOL "issuer i { algorithms = {}\nsecret_file = /s\n}\n",
	    "f:4: ", "no algorithm" },
	{ POOL "issuer i {\nmay_mint = {root}\n}\n", "f:3: ", "root" },
	{ POOL "issuer i {\nrole_map = {\"a=root\"}\n}\n", "f:3: ", "a=root" },
	{ POOL "issuer i {\nrole_map = {\"=admin\"}\n}\n", "f:3: ", "=admin" },
	{ POOL "issuer i {\nrole_map = {\"admin\"}\n}\n", "f:3: ", "admin" },
	{ POOL "issuer i {\nrole_claim = \"\"\n}\n", "f:3: ", "role_claim" },
	{ POOL "issuer i {\nrequired_claims = {\"\"}\n}\n",
	    "f:3: ", "required_claims" },
	{ POOL "issuer i { secret_file = /s }\n"
	       "issuer i { secret_file = /s }\n",
	    "f:3: ", "i" },
	/* comments of every kind do not move the line */
	{ "# one\n// two\n/* three\nfour */ error_log = x # five\n"
	  "error_log = http://x//y // six\nerror_log = \"# no\n\"\n"
	  "error_log = '/* no'\ncolour = red\n" POOL,
	    "f:9: ", "colour" },
};

static void
refuses_with_file_and_line(void)
{

	for (size_t i = 0; i < LENGTH(bad_files); i++) {
		char *said = complaint(bad_files[i].text);

		CHECK(said != NULL, "refused: %s", bad_files[i].text);
		if (said == NULL)
			continue;
		CHECK(strncmp(said, bad_files[i].place,
			  strlen(bad_files[i].place)) == 0,
		    "<%s> says where: %s", bad_files[i].text, said);
		CHECK(strstr(said, bad_files[i].word) != NULL,
		    "<%s> says what: %s", bad_files[i].text, said);
		CHECK(strchr(said, '\n') == said + strlen(said) - 1,
		    "<%s> says it in one line: %s", bad_files[i].text, said);
		free(said);
	}
}

/* A bad file must not spoil the next one: a master is asked to reload. */
static void
recovers_from_bad_files(void)
{
	static const char *const bad[] = { "error_log = \"a", "error_log = 'a",
		"error_log = \"a\\", "/* a", "x = ${A", "error_log = \"\\777\"",
		"pool a { x = {\"", POOL "\"\\/", POOL "\" x\n", POOL "' x",
		"error_log = \"${A" };
	struct config *held = config_parse("f", POOL, stderr);

	for (size_t i = 0; i < LENGTH(bad); i++) {
		char *said = complaint(bad[i]);

		CHECK(said != NULL, "<%s> is refused", bad[i]);
		free(said);
		said = complaint("error_log = \"b\"\n" POOL);
		CHECK(said == NULL, "good after <%s>: %s", bad[i], said);
		free(said);
	}
	config_free(held);
}

static void
limits_lists_and_paths(void)
{
	struct buf text = { 0 };
	char path[LISTEN_PATH_BYTES_MAX + 2], *said;

	for (int n = LIST_MAX - 1; n <= LIST_MAX; n++) {
		buf_reset(&text);
		buf_adds(&text, POOL "cors_origins = {");
		for (int i = 0; i < n; i++)
			buf_printf(&text, "%s\"http://h%d\"", i == 0 ? "" : ",",
			    i);
		buf_adds(&text, "}\n");
		said = complaint(text.data);
		CHECK((said == NULL) == (n < LIST_MAX), "%d items", n);
		free(said);
	}
	for (int n = POOLS_MAX; n <= POOLS_MAX + 1; n++) {
		buf_reset(&text);
		for (int i = 0; i < n; i++)
			buf_printf(&text, "pool p%d {}\n", i);
		said = complaint(text.data);
		CHECK((said == NULL) == (n == POOLS_MAX), "%d pools", n);
		free(said);
	}
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	for (size_t len = sizeof(path) - 2; len < sizeof(path); len++) {
		buf_reset(&text);
		buf_printf(&text, "pool a { listen = %.*s }\n", (int)len, path);
		said = complaint(text.data);
		CHECK((said == NULL) == (len <= LISTEN_PATH_BYTES_MAX),
		    "a path of %zu bytes", len);
		free(said);
	}
	buf_free(&text);
}

static void
refuses_files(void)
{
	char *said = NULL, *large = calloc(1, 1100000);
	size_t len = 0;
	FILE *errors = open_memstream(&said, &len);
	const char *const paths[] = { "/nonexistent/florin.conf", "/", NULL };

	for (const char *const *path = paths; *path != NULL; path++)
		CU_ASSERT_PTR_NULL(config_read(*path, errors));
	CU_ASSERT_PTR_NULL(
	    config_read(unit_file("nul.conf", "pool a {}\0error_log = x", 23),
		errors));
	memset(large, ' ', 1100000);
	CU_ASSERT_PTR_NULL(
	    config_read(unit_file("large.conf", large, 1100000), errors));
	fclose(errors);
	CHECK(strstr(said, "/nonexistent/florin.conf: No such file") == said,
	    "the path is named: %s", said);
	CHECK(strstr(said, "large.conf: ") != NULL, "said: %s", said);
	free(said);
	free(large);
	config_free(NULL);
}

CU_TestInfo config_tests[] = {
	{ "reads each setting", reads_each_setting },
	{ "has defaults", has_defaults },
	{ "prints what it reads", prints_what_it_reads },
	{ "reads times", reads_times },
	{ "refuses with file and line", refuses_with_file_and_line },
	{ "recovers from bad files", recovers_from_bad_files },
	{ "limits lists and paths", limits_lists_and_paths },
	{ "refuses files", refuses_files },
	CU_TEST_INFO_NULL,
};
