/* Rows of the noun "membership". */
#include "../dispatch.h"
#include "../route.h"

#define F_PLAN                                              \
	{                                                   \
		"plan", FIELD_NAME, IN_BODY, true, 1, 64, 0 \
	}
#define F_PERIOD                                                              \
	{                                                                     \
		"period", FIELD_CHOICE, IN_BODY, true, 0, 0, "monthly|yearly" \
	}
#define ADMIN_FLAGS (ROUTE_SCOPED | ROUTE_AUDITED | ROUTE_BULK)

const struct route membership_routes[] = {
	{ "GET", "/api/membership", WHO_ALL, ROUTE_SCOPED | ROUTE_CACHED,
	    &handle_call, "florin_api.get_membership", "membership",
	    "user_not_found", { { 0 } } },

	{ "GET", "/api/membership/plans", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.list_plans", "plan_list", "invalid_request",
	    { F_LIST } },

	{ "POST", "/api/membership/cancel", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_AUDITED | ROUTE_RERUN, &handle_call,
	    "florin_api.cancel_membership", "membership",
	    "user_not_found not_found", { { 0 } } },

	{ "POST", "/api/admin/memberships/{user_id}", WHO_ADMIN,
	    ADMIN_FLAGS | ROUTE_KEY_REQUIRED, &handle_call,
	    "florin_admin.create_membership", "membership",
	    "user_not_found unknown_plan balance_limit "
	    "idempotency_key_reused already_done",
	    { F_PLAN, F_PERIOD, F_REASON } },

	{ "PUT", "/api/admin/memberships/{user_id}", WHO_ADMIN,
	    ADMIN_FLAGS | ROUTE_RERUN, &handle_call,
	    "florin_admin.set_membership", "membership",
	    "user_not_found unknown_plan balance_limit invalid_request",
	    { F_PLAN, F_PERIOD,
		{ "expires_at", FIELD_TIME, IN_BODY, false, 0, 0, 0 },
		F_REASON } },

	{ "DELETE", "/api/admin/memberships/{user_id}", WHO_ADMIN,
	    ADMIN_FLAGS | ROUTE_RERUN, &handle_call,
	    "florin_admin.delete_membership", "membership",
	    "user_not_found not_found",
	    { { "reason", FIELD_TEXT, IN_QUERY, true, 1, 500, 0 } } },

	{ 0 },
};
