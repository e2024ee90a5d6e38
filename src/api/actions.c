/* Rows of the noun "actions". */
#include "../dispatch.h"
#include "../route.h"

const struct route actions_routes[] = {
	/* Never repeated in doubt without a key: it would be there twice. */
	{ "POST", "/api/actions", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED, &handle_call,
	    "florin_api.record_action", "201 action_stats",
	    "user_not_found unknown_action_type idempotency_key_reused "
	    "already_done",
	    { { "action_type", FIELD_NAME, IN_BODY, true, 1, 64, 0 },
		{ "target", FIELD_TEXT, IN_BODY, false, 1, 500, 0 },
		{ "metadata", FIELD_OBJECT, IN_BODY, false, 0, 0, 0 } } },

	{ "GET", "/api/actions", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.list_actions", "action_list",
	    "user_not_found invalid_request",
	    { { "action_type", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },
		{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },
		{ "to", FIELD_TIME, IN_QUERY, false, 0, 0, 0 }, F_LIST } },

	{ 0 },
};
