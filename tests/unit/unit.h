/*
 * Unit tests: each module's file lists its tests in a CU_TestInfo array;
 * unit.c makes a suite of each.
 */
#ifndef FLORIN_UNIT_H
#define FLORIN_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include <CUnit/CUnit.h>

/* An assertion that says which case failed: printf's format and arguments. */
#define CHECK(condition, ...) \
	unit_check(condition, __FILE__, __LINE__, __VA_ARGS__)
void unit_check(bool ok, const char *file, unsigned line, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* Equal texts, or both NULL. */
#define CHECK_TEXT(actual, expected) \
	unit_check_text(actual, expected, __FILE__, __LINE__)
void unit_check_text(const char *actual, const char *expected, const char *file,
    unsigned line);

/* A file of tests/unit, wherever the program is run. */
const char *unit_path(const char *name);

/* A new file in the temporary directory of this run, which goes at the end. */
const char *unit_file(const char *name, const char *data, size_t len);

/* CPU seconds of this process. */
double unit_cpu_s(void);

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* One a line: several people add theirs. */
extern CU_TestInfo address_tests[];
extern CU_TestInfo arena_tests[];
extern CU_TestInfo auth_cache_tests[];
extern CU_TestInfo auth_claims_tests[];
extern CU_TestInfo auth_secrets_tests[];
extern CU_TestInfo auth_tests[];
extern CU_TestInfo buf_tests[];
extern CU_TestInfo config_tests[];
extern CU_TestInfo errors_tests[];
extern CU_TestInfo hex_tests[];
extern CU_TestInfo input_tests[];
extern CU_TestInfo json_read_tests[];
extern CU_TestInfo json_tests[];
extern CU_TestInfo jwk_tests[];
extern CU_TestInfo payment_tests[];
extern CU_TestInfo query_tests[];
extern CU_TestInfo ratelimit_tests[];
extern CU_TestInfo reply_tests[];
extern CU_TestInfo route_tests[];
extern CU_TestInfo sha256_tests[];
extern CU_TestInfo signature_tests[];
extern CU_TestInfo text_tests[];
extern CU_TestInfo utime_tests[];

#endif
