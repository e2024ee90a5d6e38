/*
 * Times: microseconds since 1970 UTC, monotonic milliseconds, RFC 3339 text.
 */
#ifndef FLORIN_UTIME_H
#define FLORIN_UTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t time_unix_us(void);
int64_t time_monotonic_us(void);

/* Parse RFC 3339 with a required offset ("2026-01-31T08:00:00.5+08:00",
 * "...Z"; up to 9 digits of fraction, 'T' and 'Z' in capitals, years
 * 0001..9999, real calendar dates, no leap second).  False if not exactly
 * that; *us may be NULL. */
bool time_parse_rfc3339(const char *text, size_t len, int64_t *us);

/* "2026-01-31T00:00:00.000000Z" and a NUL: 28 bytes. */
void time_format_rfc3339(char out[28], int64_t us);

#endif
