#include "utime.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND_US 1000000LL
#define DAY_S 86400LL

enum { OFFSET_HOURS_MAX = 15 }; /* PostgreSQL takes no larger one */

static int64_t
read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t
time_unix_us(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
time_monotonic_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* Days since 1970-01-01 in the Gregorian calendar, year >= 1.  A year begins
 * in March here, so that the leap day is its last. */
static int64_t
days_from_date(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int m = month <= 2 ? month + 9 : month - 3;
	int64_t leaps = y / 4 - y / 100 + y / 400;

	return 365LL * y + leaps + (153 * m + 2) / 5 + day - 1 - 719468;
}

static void
date_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = z / 146097, in_era = z % 146097;
	int64_t y = (in_era - in_era / 1460 + in_era / 36524 -
			in_era / 146096) /
	    365;
	int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * in_year + 2) / 153;

	*day = (int)(in_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(era * 400 + y + (*month <= 2));
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Read exactly n digits, no more than max; -1 if they are not there. */
static int
digits(const char **p, const char *end, int n, int min, int max)
{
	int value = 0;

	if (end - *p < n)
		return -1;
	for (int i = 0; i < n; i++, ++*p) {
		if (**p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value < min || value > max ? -1 : value;
}

static bool
literal(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	++*p;
	return true;
}

/* ".5": 1 to 9 digits, as microseconds, what is finer left out; nothing at
 * all is 0. */
static int
fraction(const char **p, const char *end)
{
	int us = 0, n = 0;

	if (!literal(p, end, '.'))
		return 0;
	for (; n < 6 && *p < end && **p >= '0' && **p <= '9'; n++, ++*p)
		us = us * 10 + (**p - '0');
	if (n == 0)
		return -1;
	for (; n < 6; n++)
		us *= 10;
	for (; n < 9 && *p < end && **p >= '0' && **p <= '9'; n++)
		++*p;
	return us;
}

/* "Z" or "+08:00" at the very end, in seconds. */
static bool
offset(const char *p, const char *end, int *seconds)
{
	int sign, hours, minutes;

	*seconds = 0;
	if (literal(&p, end, 'Z'))
		return p == end;
	if (p == end || (*p != '+' && *p != '-'))
		return false;
	sign = *p++ == '-' ? -1 : 1;
	if ((hours = digits(&p, end, 2, 0, OFFSET_HOURS_MAX)) < 0 ||
	    !literal(&p, end, ':') || (minutes = digits(&p, end, 2, 0, 59)) < 0)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return p == end;
}

bool
time_parse_rfc3339(const char *text, size_t len, int64_t *us)
{
	const char *p = text, *end = text + len;
	int year, month, day, hour, minute, second, micro, ahead;

	if ((year = digits(&p, end, 4, 1, 9999)) < 0 ||
	    !literal(&p, end, '-') || (month = digits(&p, end, 2, 1, 12)) < 0 ||
	    !literal(&p, end, '-') ||
	    (day = digits(&p, end, 2, 1, month_days(year, month))) < 0 ||
	    !literal(&p, end, 'T') || (hour = digits(&p, end, 2, 0, 23)) < 0 ||
	    !literal(&p, end, ':') ||
	    (minute = digits(&p, end, 2, 0, 59)) < 0 ||
	    !literal(&p, end, ':') ||
	    (second = digits(&p, end, 2, 0, 59)) < 0 ||
	    (micro = fraction(&p, end)) < 0 || !offset(p, end, &ahead))
		return false;
	if (us != NULL)
		*us = (days_from_date(year, month, day) * DAY_S + hour * 3600 +
			  minute * 60 + second - ahead) *
			SECOND_US +
		    micro;
	return true;
}

void
time_format_rfc3339(char out[28], int64_t us)
{
	const int64_t first = -62135596800 * SECOND_US;    /* year 1 */
	const int64_t last = 253402300800 * SECOND_US - 1; /* year 9999 */
	int64_t seconds, days;
	int year, month, day, left;

	us = us < first ? first : us > last ? last : us;
	seconds = (us - first) / SECOND_US;
	days = seconds / DAY_S;
	left = (int)(seconds % DAY_S);
	date_from_days(days + first / SECOND_US / DAY_S, &year, &month, &day);
	/* the masks only tell the compiler how many digits there are */
	snprintf(out, 28, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
	    (unsigned)year % 10000, (unsigned)month % 100, (unsigned)day % 100,
	    (unsigned)left / 3600 % 100, (unsigned)left / 60 % 60,
	    (unsigned)left % 60, (unsigned)((us - first) % SECOND_US));
}
