#include "errors.h"

#include <ctype.h>
#include <string.h>

#include "unit.h"
#include "util/text.h"

static void
rows_are_whole(void)
{
	for (int i = ERR_NONE + 1; i < ERR_COUNT; i++) {
		const struct error_row *row = error_row((enum err)i);

		CHECK(row->status >= 400 && row->status <= 503,
		    "%s has an error's status", row->code);
		CHECK(error_find(row->code) == (enum err)i,
		    "%s is found and stands once", row->code);
		CHECK(row->title_en[0] != '\0' && row->title_zh[0] != '\0' &&
			text_code_points(row->title_zh, strlen(row->title_zh)) >
			    0,
		    "%s has its titles", row->code);
		for (const char *c = row->code; *c != '\0'; c++)
			CHECK(islower((unsigned char)*c) || *c == '_',
			    "%s is in snake case", row->code);
	}
}

static void
unknown_code_is_none(void)
{
	CU_ASSERT_EQUAL(error_find("no_such_code"), ERR_NONE);
	CU_ASSERT_EQUAL(error_find(""), ERR_NONE);
	CU_ASSERT_EQUAL(error_row(ERR_INSUFFICIENT_CREDITS)->status, 402);
}

CU_TestInfo errors_tests[] = {
	{ "rows are whole", rows_are_whole },
	{ "an unknown code is none", unknown_code_is_none },
	CU_TEST_INFO_NULL,
};
