/* Rows of the noun "sessions". */
#include "../dispatch.h"
#include "../route.h"

#define F_CLIENT(where) { "client", FIELD_ID, where, false, 1, 128, 0 }
#define F_SESSION { "session_id", FIELD_NAME, IN_PATH, true, 1, 26, 0 }
/* What each write may refuse. */
#define ANY_WRITE "user_not_found idempotency_key_reused already_done"

const struct route sessions_routes[] = {
	{ "POST", "/api/sessions", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_RERUN,
	    &handle_call, "florin_api.start_session",
	    "201 200 session_started", ANY_WRITE,
	    { F_CLIENT(IN_BODY),
		{ "metadata", FIELD_OBJECT, IN_BODY, false, 0, 0, 0 } } },

	{ "GET", "/api/sessions", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.list_sessions", "session_list",
	    "user_not_found invalid_request",
	    { { "from", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },
		{ "to", FIELD_TIME, IN_QUERY, false, 0, 0, 0 }, F_LIST } },

	{ "GET", "/api/sessions/current", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.get_current_session", "session_current",
	    "user_not_found", { F_CLIENT(IN_QUERY) } },

	/* Never repeated in doubt without a key: it would count twice. */
	{ "POST", "/api/sessions/{session_id}/messages", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED, &handle_call,
	    "florin_api.record_message", "session_started",
	    ANY_WRITE " not_found session_closed",
	    { F_SESSION,
		{ "count", FIELD_INT, IN_BODY, false, 1, 1000000, 0 } } },

	{ "POST", "/api/sessions/{session_id}/end", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_RERUN,
	    &handle_call, "florin_api.end_session", "session_ended",
	    ANY_WRITE " not_found session_closed", { F_SESSION } },

	{ 0 },
};
