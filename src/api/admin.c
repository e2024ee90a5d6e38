/* Rows of the noun "admin": the console's. */
#include "../dispatch.h"
#include "../route.h"

const struct route admin_routes[] = {
	{ "POST", "/api/admin/credits/adjust", WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED | ROUTE_BULK,
	    &handle_call, "florin_admin.adjust_credits", "transaction_wallet",
	    "user_not_found insufficient_credits balance_limit "
	    "idempotency_key_reused already_done invalid_request",
	    { { "amount", FIELD_INT, IN_BODY, true, -AMOUNT_MAX, AMOUNT_MAX,
		  0 },
		F_REASON } },

	{ "POST", "/api/admin/credits/reset", WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_BULK |
		ROUTE_RERUN,
	    &handle_call, "florin_admin.check_and_reset_user_credits",
	    "reset",
	    "user_not_found idempotency_key_reused already_done",
	    { { "reason", FIELD_TEXT, IN_BODY, false, 1, 500, 0 } } },

	{ 0 },
};
