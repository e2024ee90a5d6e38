/*
 * Error codes of the HTTP contract.  The rows stand in errors.def.
 */
#ifndef FLORIN_ERRORS_H
#define FLORIN_ERRORS_H

enum err {
	ERR_NONE = 0,
#define ERR(name, code, status, en, zh) ERR_##name,
#include "errors.def"
#undef ERR
	ERR_COUNT
};

struct error_row {
	const char *code; /* never changes: clients compare it */
	int status;       /* HTTP status */
	const char *title_en;
	const char *title_zh; /* UTF-8 */
};

/* The row of an error; err must be between ERR_NONE and ERR_COUNT. */
const struct error_row *error_row(enum err err);

/* The error with this code, ERR_NONE if there is none. */
enum err error_find(const char *code);

#endif
