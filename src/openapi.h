/*
 * OpenAPI 3.1 of this program, printed from the routing table, the shapes and
 * errors.def: what routes and validates also describes.
 */
#ifndef FLORIN_OPENAPI_H
#define FLORIN_OPENAPI_H

struct buf;

/* Print the whole document (JSON). */
void openapi_print(struct buf *out);

/* The HTTP statuses of a row's success ("201 200 registration": 201 first,
 * then 200), at most 4 and ended by 0; what follows them: the shapes. */
const char *openapi_success(const char *answer, int statuses[5]);

#endif
