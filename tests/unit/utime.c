#include "util/utime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#define SECOND 1000000LL

static void
parses_times(void)
{
	static const struct {
		const char *text;
		int64_t us;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.000001Z", 1 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "1970-01-01T08:00:00+08:00", 0 },
		{ "1969-12-31T18:30:00-05:30", 0 },
		{ "2026-01-31T08:00:00.5+08:00", 1769817600 * SECOND + 500000 },
		{ "2000-02-29T12:00:00Z", 951825600 * SECOND },
		{ "2024-02-29T00:00:00-00:00", 1709164800 * SECOND },
		{ "0001-01-01T00:00:00Z", -62135596800 * SECOND },
		{ "9999-12-31T23:59:59.999999Z", 253402300800 * SECOND - 1 },
		{ "1970-01-01T00:00:00.000001999Z", 1 },
		{ "1970-01-01T00:00:00.1234567+00:00", 123456 },
		{ "2026-01-31T08:00:00.123456+15:59",
		    1769846400 * SECOND - 57540 * SECOND + 123456 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		int64_t us = 7;

		CHECK(time_parse_rfc3339(cases[i].text, strlen(cases[i].text),
			  &us),
		    "%s is a time", cases[i].text);
		CHECK(us == cases[i].us, "%s is %lld, not %lld", cases[i].text,
		    (long long)cases[i].us, (long long)us);
	}
	CU_ASSERT_TRUE(time_parse_rfc3339("1970-01-01T00:00:00Z", 20, NULL));
}

static void
refuses_other_texts(void)
{
	static const char *const cases[] = {
		"",
		"2026",
		"2026-01-31",
		"2026-01-31T08:00:00",
		"2026-01-31T08:00Z",
		"2026-01-31 08:00:00Z",
		"2026-01-31t08:00:00Z",
		"2026-01-31T08:00:00z",
		"2026-1-31T08:00:00Z",
		"26-01-31T08:00:00Z",
		"0000-01-01T00:00:00Z",
		"10000-01-01T00:00:00Z",
		"-2026-01-31T08:00:00Z",
		"+2026-01-31T08:00:00Z",
		"2026-00-31T08:00:00Z",
		"2026-13-31T08:00:00Z",
		"2026-01-00T08:00:00Z",
		"2026-01-32T08:00:00Z",
		"2026-02-29T08:00:00Z",
		"1900-02-29T08:00:00Z",
		"2026-04-31T08:00:00Z",
		"2026-01-31T24:00:00Z",
		"2026-01-31T23:60:00Z",
		"2026-01-31T23:59:60Z",
		"2026-01-31T08:00:00.Z",
		"2026-01-31T08:00:00.1234567890Z",
		"2026-01-31T08:00:00,5Z",
		"2026-01-31T08:00:00+8:00",
		"2026-01-31T08:00:00+0800",
		"2026-01-31T08:00:00+08",
		"2026-01-31T08:00:00+08:60",
		"2026-01-31T08:00:00+16:00",
		"2026-01-31T08:00:00-24:00",
		"2026-01-31T08:00:00+",
		"2026-01-31T08:00:00Zx",
		"2026-01-31T08:00:00Z ",
		" 2026-01-31T08:00:00Z",
		"2026-01-31T08:00:00+08:00Z",
		"2026-01-31T08:00:00.5",
		"now",
		"infinity",
		"2026-01-31T 8:00:00Z",
		"2026-01-31T08:00:0xZ",
		"2026-01-31T-8:00:00Z",
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK(!time_parse_rfc3339(cases[i], strlen(cases[i]), NULL),
		    "<%s> is no time", cases[i]);
	/* nothing is read past the length */
	CU_ASSERT_FALSE(time_parse_rfc3339("2026-01-31T08:00:00Z", 19, NULL));
}

static void
formats_times(void)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000000Z" },
		{ -1, "1969-12-31T23:59:59.999999Z" },
		{ 951825600 * SECOND, "2000-02-29T12:00:00.000000Z" },
		{ 1769817600 * SECOND + 42, "2026-01-31T00:00:00.000042Z" },
		/* what has no such text becomes the nearest that has one */
		{ INT64_MIN, "0001-01-01T00:00:00.000000Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999999Z" },
	};
	char text[28];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		time_format_rfc3339(text, cases[i].us);
		CHECK_TEXT(text, cases[i].text);
	}
}

/* Each day of the years 1800 to 2400, against the C library. */
static void
agrees_with_the_c_library(void)
{
	unsigned wrong = 0;

	for (int64_t day = -62091; day < 157054; day++) {
		time_t seconds = day * 86400 + 86399;
		char ours[28], theirs[64];
		struct tm tm;
		int64_t back;

		gmtime_r(&seconds, &tm);
		snprintf(theirs, sizeof(theirs),
		    "%04d-%02d-%02dT%02d:%02d:%02d.000000Z", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		    tm.tm_sec);
		time_format_rfc3339(ours, seconds * SECOND);
		wrong += strcmp(ours, theirs) != 0;
		wrong += !time_parse_rfc3339(ours, 27, &back) ||
		    back != seconds * SECOND;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
clocks_go(void)
{
	int64_t now = time_unix_us(), mono = time_monotonic_us();
	time_t seconds = time(NULL);

	CU_ASSERT_TRUE(llabs(now / SECOND - seconds) <= 1);
	while (time_monotonic_us() == mono)
		;
	CU_ASSERT_TRUE(time_monotonic_us() > mono);
	CU_ASSERT_TRUE(time_monotonic_us() - mono < SECOND);
}

CU_TestInfo utime_tests[] = {
	{ "parses times", parses_times },
	{ "refuses other texts", refuses_other_texts },
	{ "formats times", formats_times },
	{ "agrees with the C library on each day", agrees_with_the_c_library },
	{ "clocks go", clocks_go },
	CU_TEST_INFO_NULL,
};
