/*
 * The shapes of answers, in a small notation from which openapi.c makes JSON
 * schemas.  A member is "name type"; members are separated by commas:
 *
 *   integer text boolean time object any id   plain types
 *   money       object of currency -> integer
 *   a|b|c       one of these words
 *   @wallet     another shape           [@grant]   array of a shape
 *   type?       may be null             -name type may be absent
 *   * type      all other members (stands last)
 */
#ifndef FLORIN_SHAPES_H
#define FLORIN_SHAPES_H

#include <stddef.h>

struct shape {
	const char *name;
	const char *members; /* a whole "[...]" or "@..." too */
};

/* All shapes; the last has a NULL name. */
extern const struct shape shapes[];

/* The shape with this name, NULL if there is none. */
const struct shape *shape_find(const char *name, size_t len);

#endif
