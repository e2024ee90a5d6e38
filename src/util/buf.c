#include "buf.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { FIRST_BYTES = 256 };

/* Room for len bytes more and the NUL. */
static void
reserve(struct buf *b, size_t len)
{
	size_t size = b->size == 0 ? FIRST_BYTES : b->size;

	if (len > SIZE_MAX / 4 - b->len)
		abort();
	while (size < b->len + len + 1)
		size *= 2;
	if (size == b->size)
		return;
	b->data = realloc(b->data, size);
	if (b->data == NULL)
		abort();
	b->size = size;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	reserve(b, len);
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
buf_adds(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	reserve(b, (size_t)len);
	va_start(args, format);
	vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

/* How many bytes at text stand for something that is written as an escape:
 * controls (C0, DEL and C1), the quote, the backslash. */
static size_t
escaped_bytes(const char *text)
{
	unsigned char c = (unsigned char)text[0];

	if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
		return 1;
	return c == 0xc2 && (unsigned char)text[1] < 0xa0 ? 2 : 0;
}

static void
add_json_escape(struct buf *b, char last)
{
	unsigned char c = (unsigned char)last;   /* of C2 80: 80 is right */
	static const char letters[] = "btn\0fr"; /* of 8, 9, 10, -, 12, 13 */

	if (c == '"' || c == '\\')
		buf_printf(b, "\\%c", c);
	else if (c >= 8 && c <= 13 && c != 11)
		buf_printf(b, "\\%c", letters[c - 8]);
	else
		buf_printf(b, "\\u%04x", c);
}

void
buf_add_json(struct buf *b, const char *text)
{
	size_t len, at = 0, plain = 0; /* from plain to at: copied as it is */

	if (text == NULL) {
		buf_adds(b, "null");
		return;
	}
	len = strlen(text);
	buf_add(b, "\"", 1);
	while (at < len) {
		size_t step = text_sequence(text + at, len - at);
		size_t escaped = step == 0 ? 1 : escaped_bytes(text + at);

		if (escaped == 0) {
			at += step;
			continue;
		}
		buf_add(b, text + plain, at - plain);
		if (step == 0)
			buf_adds(b, "\xef\xbf\xbd"); /* U+FFFD */
		else
			add_json_escape(b, text[at + escaped - 1]);
		at += escaped;
		plain = at;
	}
	buf_add(b, text + plain, at - plain);
	buf_add(b, "\"", 1);
}

void
buf_add_percent(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) || strchr("-._~", *text))
			buf_add(b, text, 1);
		else
			buf_printf(b, "%%%02X", (unsigned char)*text);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
