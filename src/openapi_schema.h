/*
 * JSON schemas and examples, from fields and shapes.
 */
#ifndef FLORIN_OPENAPI_SCHEMA_H
#define FLORIN_OPENAPI_SCHEMA_H

#include "route.h"
#include "shapes.h"

struct buf;

void schema_of_field(struct buf *out, const struct field *field);
void schema_of_shape(struct buf *out, const struct shape *shape);
void example_of_field(struct buf *out, const struct field *field);
void example_of_shape(struct buf *out, const struct shape *shape);

#endif
