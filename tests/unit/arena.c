#include "util/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void
gives_zeroed_aligned_memory(void)
{
	struct arena a = { 0 };

	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *data = arena_alloc(&a, size);

		CHECK((uintptr_t)data % _Alignof(max_align_t) == 0,
		    "%zu bytes are aligned", size);
		for (size_t i = 0; i < size; i++)
			if (data[i] != 0)
				CU_FAIL("not zeroed");
		memset(data, 0xff, size); /* ASan sees an overlap's end */
	}
	arena_free(&a);
}

static void
keeps_pieces_apart(void)
{
	struct arena a = { 0 };
	char *pieces[2000];

	for (size_t i = 0; i < LENGTH(pieces); i++)
		pieces[i] = arena_printf(&a, "%0*zu", (int)(i % 64), i);
	for (size_t i = 0; i < LENGTH(pieces); i++)
		CHECK((size_t)strtoull(pieces[i], NULL, 10) == i,
		    "piece %zu is intact", i);
	arena_free(&a);
}

static void
large_piece_has_its_own_block(void)
{
	struct arena a = { 0 };
	char *small = arena_copy(&a, "small", 5);
	char *large = arena_alloc(&a, 1000000);
	char *next = arena_copy(&a, "next", 4);

	memset(large, 'x', 1000000);
	CHECK_TEXT(small, "small");
	CHECK_TEXT(next, "next");
	arena_free(&a);
	large = arena_alloc(&a, 100000); /* as the first piece, too */
	memset(large, 'x', 100000);
	arena_reset(&a);
	CU_ASSERT_PTR_NULL(a.blocks); /* such a block is not kept */
	arena_free(&a);
}

static void
reset_keeps_one_block_and_zeroes_again(void)
{
	struct arena a = { 0 };
	unsigned char *data = arena_alloc(&a, 64);
	struct arena_block *kept = a.blocks;

	memset(data, 0xaa, 64);
	arena_reset(&a);
	CU_ASSERT_PTR_EQUAL(a.blocks, kept);
	CU_ASSERT_EQUAL(a.used, 0);
	data = arena_alloc(&a, 64);
	for (int i = 0; i < 64; i++)
		if (data[i] != 0)
			CU_FAIL("old bytes come back");
	for (int i = 0; i < 100; i++)
		arena_alloc(&a, 5000);
	arena_reset(&a);
	CU_ASSERT_PTR_NOT_NULL(a.blocks);
	arena_free(&a);
	CU_ASSERT_PTR_NULL(a.blocks);
	arena_free(&a); /* of an empty one, too */
}

static void
copies_and_prints(void)
{
	struct arena a = { 0 };

	CHECK_TEXT(arena_copy(&a, "abcdef", 3), "abc");
	CHECK_TEXT(arena_copy(&a, NULL, 0), "");
	CHECK_TEXT(arena_printf(&a, "%s-%d", "x", 7), "x-7");
	CHECK_TEXT(arena_printf(&a, "%s", ""), "");
	CU_ASSERT_EQUAL(strlen(arena_printf(&a, "%40000d", 1)), 40000);
	arena_free(&a);
}

CU_TestInfo arena_tests[] = {
	{ "gives zeroed, aligned memory", gives_zeroed_aligned_memory },
	{ "keeps pieces apart", keeps_pieces_apart },
	{ "a large piece has its own block", large_piece_has_its_own_block },
	{ "reset keeps a block and zeroes again",
	    reset_keeps_one_block_and_zeroes_again },
	{ "copies and prints", copies_and_prints },
	CU_TEST_INFO_NULL,
};
