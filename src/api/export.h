/*
 * GET /api/credits/transactions/export: a page of CSV, and where the next is.
 */
#ifndef FLORIN_EXPORT_H
#define FLORIN_EXPORT_H

struct handler;

extern const struct handler handle_export;

#endif
