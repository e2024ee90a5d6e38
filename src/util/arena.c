#include "arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 16 * 1024, ALIGN_BYTES = _Alignof(max_align_t) };

struct arena_block {
	struct arena_block *next;
	size_t size; /* of data */
	_Alignas(max_align_t) unsigned char data[];
};

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (block == NULL)
		abort();
	block->next = NULL;
	block->size = size;
	return block;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	unsigned char *data;

	if (size > SIZE_MAX / 2)
		abort();
	size = (size + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
	if (a->blocks == NULL || size > a->blocks->size - a->used) {
		struct arena_block *block = block_new(
		    size > BLOCK_BYTES ? size : BLOCK_BYTES);

		block->next = a->blocks;
		a->blocks = block;
		a->used = 0;
	}
	data = a->blocks->data + a->used;
	a->used += size;
	return memset(data, 0, size);
}

char *
arena_copy(struct arena *a, const char *data, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	text = arena_alloc(a, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL;

	for (struct arena_block *b = a->blocks, *next; b != NULL; b = next) {
		next = b->next;
		if (keep == NULL && b->size == BLOCK_BYTES)
			keep = b;
		else
			free(b);
	}
	if (keep != NULL)
		keep->next = NULL;
	a->blocks = keep;
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->blocks);
	a->blocks = NULL;
}
