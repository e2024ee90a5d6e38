/*
 * A growing byte buffer that is always NUL-terminated once something was
 * added.  Growth never fails (out of memory aborts).
 */
#ifndef FLORIN_BUF_H
#define FLORIN_BUF_H

#include <stddef.h>

struct buf {
	char *data; /* NULL while empty */
	size_t len;
	size_t size;
};

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Add text as a JSON string with its quotes; NULL adds null.  Control
 * characters are escaped; bytes that are not UTF-8 become U+FFFD. */
void buf_add_json(struct buf *b, const char *text);

/* Add text as the value of a query: all but letters, digits and "-._~" is
 * percent-encoded. */
void buf_add_percent(struct buf *b, const char *text);

/* Empty it but keep the memory. */
void buf_reset(struct buf *b);
void buf_free(struct buf *b);

#endif
