/*
 * The one table of the program's settings; only config.c reads it.
 */
#ifndef FLORIN_CONFIG_TABLE_H
#define FLORIN_CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum setting_type {
	SET_TEXT,
	SET_INT,
	SET_MODE, /* an int, printed in octal */
	SET_TIME, /* an int of milliseconds, written 500ms, 10s, 5m, 1h */
	SET_LIST
};

/* One row is one setting: libconfuse's options, the checks, the defaults and
 * what --dump-config prints are all made from it. */
struct setting {
	const char *section; /* "" = outside of any */
	const char *name;
	enum setting_type type;
	const char *standard; /* default, as it would stand in the file */
	long min, max;
	bool (*valid)(const char *value); /* of a text or of each list item */
	size_t offset;   /* in config, pool_config, issuer_config */
	const char *doc; /* with what `valid` asks for */
};

extern const struct setting config_settings[];
extern const size_t config_settings_count;

/* The row of an option that libconfuse knows: there is one. */
const struct setting *config_setting(const char *section, const char *name);

/* Milliseconds of "500ms", "10s", "5m", "1h"; a bare number is seconds, as
 * with php-fpm.  -1 if it is not that, or too long for an int. */
long config_time(const char *text);

#endif
