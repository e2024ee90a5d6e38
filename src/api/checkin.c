/* Rows of the noun "checkin". */
#include "../dispatch.h"
#include "../route.h"

const struct route checkin_routes[] = {
	{ "POST", "/api/checkin", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_RERUN,
	    &handle_call, "florin_api.check_in", "201 checked_in",
	    "user_not_found already_checked_in balance_limit "
	    "idempotency_key_reused already_done",
	    { { 0 } } },

	{ "GET", "/api/checkin", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.get_checkins", "checkin_month", "user_not_found",
	    { { "month", FIELD_MONTH, IN_QUERY, false, 7, 7, 0 } } },

	{ 0 },
};
