/*
 * An arena: memory that is freed all at once, at the end of a request.
 * Allocation never fails: a process that runs out of memory aborts and the
 * master starts another.
 */
#ifndef FLORIN_ARENA_H
#define FLORIN_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes used of the newest block */
};

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);

/* A NUL-terminated copy of len bytes. */
char *arena_copy(struct arena *a, const char *data, size_t len);

char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Forget everything, keep one block for the next request. */
void arena_reset(struct arena *a);

/* Free everything; the arena may be used again. */
void arena_free(struct arena *a);

#endif
