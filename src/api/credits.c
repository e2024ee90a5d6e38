/* Rows of the noun "credits". */
#include "../dispatch.h"
#include "../route.h"
#include "batch.h"
#include "export.h"

#define F_TRANSACTION_ID(where) \
	{ "transaction_id", FIELD_INT, where, true, 1, AMOUNT_MAX, 0 }

#define F_HOLD_ID { "hold_id", FIELD_ID, IN_PATH, true, 1, 128, 0 }

#define F_LEDGER                                                         \
	{ "kind", FIELD_CHOICE, IN_QUERY, false, 0, 0,                   \
	    TRANSACTION_KINDS },                                         \
	{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },                \
	{ "to", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },                  \
	{ "reference_type", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },     \
	{ "reference_id", FIELD_ID, IN_QUERY, false, 1, 128, 0 },        \
	{ "grant_id", FIELD_INT, IN_QUERY, false, 1, AMOUNT_MAX, 0 }

const struct route credits_routes[] = {
	{ "GET", "/api/credits", WHO_ALL, ROUTE_SCOPED | ROUTE_CACHED,
	    &handle_call, "florin_api.get_credits",
	    "wallet_details balance_at", "user_not_found invalid_request",
	    { { "at", FIELD_TIME, IN_QUERY, false, 0, 0, 0 } } },

	{ "GET", "/api/credits/check", WHO_ALL, ROUTE_SCOPED | ROUTE_CACHED,
	    &handle_call, "florin_api.check_credits", "check",
	    "user_not_found",
	    { { "amount", FIELD_INT, IN_QUERY, true, 1, AMOUNT_MAX, 0 } } },

	{ "GET", "/api/credits/transactions", WHO_ALL, ROUTE_SCOPED,
	    &handle_call, "florin_api.list_transactions", "transaction_list",
	    "user_not_found invalid_request",
	    { F_LEDGER, F_LIST } },

	{ "GET", "/api/credits/transactions/export", WHO_ALL, ROUTE_SCOPED,
	    &handle_export, "florin_api.export_transactions", "csv",
	    "user_not_found invalid_request",
	    { F_LEDGER, { "limit", FIELD_INT, IN_QUERY, false, 1, 2000, 0 },
		{ "cursor", FIELD_CURSOR, IN_QUERY, false, 1, 512, 0 } } },

	{ "GET", "/api/credits/transactions/{transaction_id}", WHO_ALL,
	    ROUTE_SCOPED, &handle_call, "florin_api.get_transaction",
	    "transaction", "user_not_found not_found",
	    { F_TRANSACTION_ID(IN_PATH) } },

	{ "GET", "/api/credits/calendar", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.get_calendar", "calendar", "user_not_found",
	    { { 0 } } },

	{ "POST", "consume_run", 0, ROUTE_INTERNAL, NULL,
	    "florin_api.consume_run", NULL, NULL,
	    { { "calls", FIELD_JSON, IN_HANDLER, true, 0, 0, 0 } } },

	{ "POST", "/api/credits/consume", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED | ROUTE_RUNS,
	    &handle_call, "florin_api.consume_credits", "transaction_wallet",
	    "user_not_found insufficient_credits wallet_frozen "
	    "balance_limit idempotency_key_reused already_done",
	    { F_AMOUNT, F_REASON,
		{ "reference_type", FIELD_NAME, IN_BODY, false, 1, 64, 0 },
		{ "reference_id", FIELD_ID, IN_BODY, false, 1, 128, 0 } } },

	{ "POST", "/api/credits/refund", WHO_SERVICE | WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.refund_credits", "transaction_wallet",
	    "user_not_found not_found not_refundable balance_limit "
	    "refund_exceeds_transaction idempotency_key_reused already_done",
	    { F_TRANSACTION_ID(IN_BODY),
		{ "amount", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, 0 },
		F_REASON } },

	{ "POST", "/api/credits/grant", WHO_SERVICE | WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.grant_credits", "transaction_wallet",
	    "user_not_found unknown_source balance_limit "
	    "idempotency_key_reused already_done invalid_request",
	    { F_AMOUNT, { "source", FIELD_NAME, IN_BODY, true, 1, 64, 0 },
		F_REASON,
		{ "expires_at", FIELD_TIME, IN_BODY, false, 0, 0, 0 },
		{ "priority", FIELD_INT, IN_BODY, false, 0, 100, 0 } } },

	{ "POST", "/api/credits/holds", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.hold_credits", "201 hold_wallet",
	    "user_not_found insufficient_credits wallet_frozen "
	    "idempotency_key_reused already_done",
	    { F_AMOUNT, F_REASON,
		{ "ttl_seconds", FIELD_INT, IN_BODY, false, 1, 86400, 0 } } },

	{ "GET", "/api/credits/holds", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.list_holds", "hold_list",
	    "user_not_found invalid_request", { F_LIST } },

	{ "GET", "/api/credits/holds/{hold_id}", WHO_ALL, ROUTE_SCOPED,
	    &handle_call, "florin_api.get_hold", "hold",
	    "user_not_found not_found", { F_HOLD_ID } },

	{ "POST", "/api/credits/holds/{hold_id}/capture",
	    WHO_SERVICE | WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.capture_hold", "hold_wallet",
	    "user_not_found not_found hold_closed capture_exceeds_hold "
	    "idempotency_key_reused already_done",
	    { F_HOLD_ID,
		{ "amount", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, 0 } } },

	{ "POST", "/api/credits/holds/{hold_id}/release", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.release_hold", "hold_wallet",
	    "user_not_found not_found hold_closed forbidden "
	    "idempotency_key_reused already_done",
	    { F_HOLD_ID } },

	{ "POST", "/api/credits/batch", WHO_SERVICE, ROUTE_BULK, &handle_batch,
	    NULL, "batch_results", "",
	    { { "operations", FIELD_LIST, IN_BODY, true, 1, 1000, 0 } } },

	{ 0 },
};
