/* Rows of the noun "tasks". */
#include "../dispatch.h"
#include "../route.h"

#define F_TASK { "task_id", FIELD_NAME, IN_PATH, true, 1, 26, 0 }
#define F_TOKEN { "claim_token", FIELD_NAME, IN_BODY, true, 1, 64, 0 }
#define F_LEASE { "lease_seconds", FIELD_INT, IN_BODY, false, 1, 86400, 0 }
/* What each write may refuse. */
#define ANY_WRITE "user_not_found idempotency_key_reused already_done"

/* A claim names the one who may do this: again is the same or too late. */
#define OF_WORKER WHO_SERVICE, ROUTE_SCOPED | ROUTE_KEY | ROUTE_RERUN

const struct route tasks_routes[] = {
	{ "POST", "/api/tasks", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED, &handle_call,
	    "florin_api.create_task", "201 task_wallet",
	    ANY_WRITE " unknown_task_kind wallet_frozen members_only "
		      "insufficient_credits invalid_request",
	    { { "kind", FIELD_NAME, IN_BODY, true, 1, 64, 0 },
		{ "input", FIELD_JSON, IN_BODY, false, 0, 0, 0 },
		{ "cost", FIELD_INT, IN_BODY, false, 0, AMOUNT_MAX, 0 } } },

	{ "GET", "/api/tasks", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.list_tasks", "task_list",
	    "user_not_found invalid_request",
	    { { "kind", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },
		{ "status", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    TASK_STATUSES },
		{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },
		{ "to", FIELD_TIME, IN_QUERY, false, 0, 0, 0 }, F_LIST } },

	{ "GET", "/api/tasks/{task_id}", WHO_ALL, ROUTE_SCOPED, &handle_call,
	    "florin_api.get_task", "task", "user_not_found not_found",
	    { F_TASK } },

	{ "POST", "/api/tasks/{task_id}/cancel", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY | ROUTE_AUDITED | ROUTE_RERUN,
	    &handle_call, "florin_api.cancel_task", "task",
	    ANY_WRITE " not_found task_closed", { F_TASK } },

	/* Whose task it will be is not known before: no user, no key.  What a
	 * lost answer had claimed comes back when its lease ends. */
	{ "POST", "/api/tasks/claim", WHO_SERVICE, 0, &handle_call,
	    "florin_api.claim_task", "claimed_task", "",
	    { { "kinds", FIELD_NAMES, IN_BODY, true, 1, 64, 0 },
		{ "worker", FIELD_ID, IN_BODY, true, 1, 128, 0 }, F_LEASE } },

	{ "POST", "/api/tasks/{task_id}/extend", OF_WORKER, &handle_call,
	    "florin_api.extend_task", "claimed_task",
	    ANY_WRITE " not_found task_closed lease_lost",
	    { F_TASK, F_TOKEN, F_LEASE } },

	{ "POST", "/api/tasks/{task_id}/complete", OF_WORKER, &handle_call,
	    "florin_api.complete_task", "ended_task",
	    ANY_WRITE " not_found task_closed lease_lost",
	    { F_TASK, F_TOKEN,
		{ "result", FIELD_JSON, IN_BODY, true, 0, 0, 0 } } },

	{ "POST", "/api/tasks/{task_id}/fail", OF_WORKER, &handle_call,
	    "florin_api.fail_task", "ended_task",
	    ANY_WRITE " not_found task_closed lease_lost",
	    { F_TASK, F_TOKEN,
		{ "error", FIELD_JSON, IN_BODY, true, 0, 0, 0 } } },

	{ 0 },
};
