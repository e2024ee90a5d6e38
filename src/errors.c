#include "errors.h"

#include <assert.h>
#include <string.h>

static const struct error_row rows[ERR_COUNT] = {
#define ERR(name, code, status, en, zh) [ERR_##name] = { code, status, en, zh },
#include "errors.def"
#undef ERR
};

const struct error_row *
error_row(enum err err)
{
	assert(err > ERR_NONE && err < ERR_COUNT);
	return &rows[err];
}

enum err
error_find(const char *code)
{
	for (int i = ERR_NONE + 1; i < ERR_COUNT; i++)
		if (strcmp(rows[i].code, code) == 0)
			return (enum err)i;
	return ERR_NONE;
}
