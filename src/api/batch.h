/*
 * POST /api/credits/batch: many operations in one request.
 */
#ifndef FLORIN_BATCH_H
#define FLORIN_BATCH_H

struct handler;

extern const struct handler handle_batch;

#endif
