/*
 * Strict JSON: what a body or a token may hold, checked before any library
 * sees it, and a small reader for texts that passed.  Pure; any bytes.
 */
#ifndef FLORIN_JSON_SCAN_H
#define FLORIN_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum {
	JSON_DEPTH_MAX = 8,    /* of what clients send */
	JSON_DEPTH_LIMIT = 64, /* of json_scan_deep */
	JSON_INTEGER_DIGITS_MAX = 16,
	JSON_NUMBER_BYTES_MAX = 128,
	JSON_EXPONENT_MAX = 300 /* double and numeric of SQL both hold it */
};

/* Why a text is not strict JSON. */
enum json_fault {
	JSON_OK,
	JSON_EMPTY,
	JSON_SYNTAX,
	JSON_UTF8,
	JSON_NUL,       /* \u0000 in a string or key */
	JSON_SURROGATE, /* an unpaired \uD800..DFFF */
	JSON_DUPLICATE, /* a member named twice in one object */
	JSON_DEPTH,
	JSON_NUMBER,  /* more than 16 digits before the point, or so long or
	                   so large that libraries and SQL disagree on it */
	JSON_TRAILING /* something after the value */
};

/* Strict RFC 8259 scan of a whole text: what json-c lets pass is caught here
 * (no BOM, UTF-8 only, no NUL, no duplicate keys after unescaping, depth <=
 * JSON_DEPTH_MAX, limits of numbers as above).  *offset, if not NULL, is
 * where the fault stands (the second of two equal keys, at its quote).  Takes
 * at most n log n steps, whatever the keys are. */
enum json_fault json_scan(const char *data, size_t len, size_t *offset);

/* The same for a text of another's making, which may nest up to `depth`
 * levels, at most JSON_DEPTH_LIMIT. */
enum json_fault
json_scan_deep(const char *data, size_t len, int depth, size_t *offset);
const char *json_fault_text(enum json_fault fault);

/* A token of a text that passed json_scan. */
struct json_slice {
	const char *data; /* a string's begins and ends with its quotes */
	size_t len;
};

/* Walk an object that passed json_scan: *cursor begins at NULL; false at its
 * end, or at once if the text is no object. */
bool json_next_member(struct json_slice object, const char **cursor,
    struct json_slice *name, struct json_slice *value);

/* Walk an array in the same way. */
bool json_next_element(struct json_slice array, const char **cursor,
    struct json_slice *value);

/* The text of a string, unescaped, and a NUL.  Writes at most size bytes;
 * returns false if it is no string or does not fit. */
bool json_unquote(struct json_slice string, char *out, size_t size);

/* Whether it is a string that says just this text. */
bool json_string_is(struct json_slice string, const char *text);

/* The value of a member by its name; data is NULL if there is none. */
struct json_slice json_member(struct json_slice object, const char *name);

/* Unescape what stands between the quotes of a scanned string; out has room
 * for len bytes, which always suffice.  Returns the length. */
size_t json_unescape(char *out, const char *data, size_t len);

/* A copy of a text that passed json_scan in which each surrogate pair that was
 * escaped stands as itself: json-c 0.16 reads pairs of 32 high surrogates
 * (\ud836 is one) as U+FFFD.  *len becomes its length; the caller frees it. */
char *json_join_pairs(const char *data, size_t *len);

/* Four hexadecimal digits at p, -1 if they are not there. */
int json_hex4(const char *p, const char *end);

#endif
