/*
 * Checks of text: UTF-8, code points, control characters, percent-encoding.
 */
#ifndef FLORIN_TEXT_H
#define FLORIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The length in bytes of the valid UTF-8 sequence at the start of the data,
 * 0 if there is none. */
size_t text_sequence(const char *data, size_t len);

/* The number of code points, -1 if the bytes are not valid UTF-8 (RFC 3629:
 * no overlong forms, no surrogates, nothing above U+10FFFF). */
ssize_t text_code_points(const char *data, size_t len);

/* Make UTF-8 of it in place: a byte that belongs to none becomes '?'. */
void text_mend(char *data, size_t len);

/* True if valid UTF-8 text holds U+0000-001F or U+007F-009F. */
bool text_has_control(const char *data, size_t len);

/* A user id: UTF-8, 1..128 bytes, no control characters. */
bool text_is_user_id(const char *data, size_t len);

/* Decode %XX in place ('+' becomes a space if plus is set).  Returns the new
 * length, -1 on a bad escape or a NUL byte.  A NUL is written after it: there
 * must be room for one at data[len]. */
ssize_t text_percent_decode(char *data, size_t len, bool plus);

#endif
