/* Rows of the noun "codes": redemption codes. */
#include "../dispatch.h"
#include "../route.h"

const struct route codes_routes[] = {
	{ "POST", "/api/codes/redeem", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.redeem_code", "redeemed",
	    "user_not_found unknown_code code_used balance_limit "
	    "idempotency_key_reused already_done",
	    { { "code", FIELD_ID, IN_BODY, true, 1, 64, 0 } } },

	{ "POST", "/api/admin/codes", WHO_ADMIN, ROUTE_AUDITED | ROUTE_BULK,
	    &handle_call, "florin_admin.create_codes", "codes",
	    "invalid_request unknown_plan",
	    { { "count", FIELD_INT, IN_BODY, true, 1, 1000, 0 },
		{ "credits", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, 0 },
		{ "plan", FIELD_NAME, IN_BODY, false, 1, 64, 0 },
		{ "period", FIELD_CHOICE, IN_BODY, false, 0, 0,
		    "monthly|yearly" },
		{ "expires_at", FIELD_TIME, IN_BODY, false, 0, 0, 0 },
		F_REASON } },

	{ 0 },
};
