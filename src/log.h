/*
 * The log: JSON, a line each, to standard error (the journal) or error_log.
 * Lines are collected and written at once by log_flush, after the answers.
 */
#ifndef FLORIN_LOG_H
#define FLORIN_LOG_H

#include <stdbool.h>

struct buf;

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_DEBUG
};

/* Open the log: path "" is standard error; level by its name.  `process`
 * ("master", "wallet/2") stands in every line. */
bool log_open(const char *path, const char *level, const char *process);

/* Open the file anew (after USR1: it was moved away). */
void log_reopen(void);

/* An event in words; written at once. */
void log_event(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Add a line whose members after time, level and process are in `members`
 * (",\"key\":value..."). */
void log_line(enum log_level level, const char *members);
void log_flush(void);

#endif
