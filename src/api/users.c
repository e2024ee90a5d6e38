/* Rows of the noun "users". */
#include "../dispatch.h"
#include "../route.h"

const struct route users_routes[] = {
	{ "POST", "/api/users", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_RERUN,
	    &handle_call, "florin_api.register_user", "201 200 registration",
	    "idempotency_key_reused already_done",
	    { { "email", FIELD_EMAIL, IN_BODY, false, 3, 254, 0 },
		{ "display_name", FIELD_ID, IN_BODY, false, 1, 200, 0 } } },

	{ "GET", "/api/users", WHO_ALL, ROUTE_SCOPED | ROUTE_CACHED,
	    &handle_call, "florin_api.get_user", "user_details",
	    "user_not_found", { { 0 } } },

	{ "GET", "/api/users/me", WHO_USER, ROUTE_SCOPED | ROUTE_CACHED,
	    &handle_call, "florin_api.get_user", "user_details",
	    "user_not_found", { { 0 } } },

	{ "GET", "/api/users/{user_id}", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_CACHED, &handle_call, "florin_api.get_user",
	    "user_details", "user_not_found", { { 0 } } },

	{ 0 },
};
