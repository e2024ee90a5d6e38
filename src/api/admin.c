/* Rows of the noun "admin": the console's. */
#include "../dispatch.h"
#include "../route.h"

#define F_USER                                                       \
	{                                                            \
		"user_id", FIELD_USER_ID, IN_QUERY, false, 1, 128, 0 \
	}
#define F_ALERT { "alert_id", FIELD_NAME, IN_PATH, true, 1, 26, 0 }
#define F_SPAN                                             \
	{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },  \
	{                                                  \
		"to", FIELD_TIME, IN_QUERY, false, 0, 0, 0 \
	}

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
	    { F_REASON } },

	{ "GET", "/api/admin/users", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.list_users", "listed_user_list", NULL,
	    { { "query", FIELD_TEXT, IN_QUERY, false, 1, 200, 0 },
		{ "plan", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },
		{ "status", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    "active|cancelling|expired|none" },
		F_SPAN, F_LIST } },

	{ "GET", "/api/admin/users/{user_id}", WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_BULK, &handle_call,
	    "florin_admin.get_user_record", "user_record", "user_not_found",
	    { { 0 } } },

	{ "POST", "/api/admin/users/{user_id}/freeze", WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK,
	    &handle_call, "florin_admin.freeze_wallet", "user_record",
	    "user_not_found", { F_REASON } },

	{ "POST", "/api/admin/users/{user_id}/unfreeze", WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK,
	    &handle_call, "florin_admin.unfreeze_wallet", "user_record",
	    "user_not_found", { F_REASON } },

	{ "GET", "/api/admin/transactions", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.list_all_transactions", "transaction_list", NULL,
	    { F_USER,
		{ "kind", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    TRANSACTION_KINDS },
		{ "reference_type", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },
		{ "reference_id", FIELD_ID, IN_QUERY, false, 1, 128, 0 },
		F_SPAN, F_LIST } },

	{ "GET", "/api/admin/orders", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.list_all_orders", "order_list", NULL,
	    { F_USER,
		{ "status", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    ORDER_STATUSES },
		{ "provider", FIELD_NAME, IN_QUERY, false, 1, 64, 0 }, F_SPAN,
		F_LIST } },

	{ "GET", "/api/admin/tasks", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.list_all_tasks", "task_list", NULL,
	    { F_USER, { "kind", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },
		{ "status", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    TASK_STATUSES },
		F_SPAN, F_LIST } },

	{ "GET", "/api/admin/alerts", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.list_alerts", "alert_list", NULL,
	    { F_USER,
		{ "category", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    ALERT_CATEGORIES },
		{ "status", FIELD_CHOICE, IN_QUERY, false, 0, 0,
		    ALERT_STATUSES },
		{ "detector", FIELD_NAME, IN_QUERY, false, 1, 64, 0 }, F_SPAN,
		F_LIST } },

	{ "POST", "/api/admin/alerts/{alert_id}/acknowledge", WHO_ADMIN,
	    ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK, &handle_call,
	    "florin_admin.acknowledge_alert", "alert", "not_found",
	    { F_ALERT, F_REASON } },

	{ "POST", "/api/admin/alerts/{alert_id}/resolve", WHO_ADMIN,
	    ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK, &handle_call,
	    "florin_admin.resolve_alert", "alert", "not_found",
	    { F_ALERT, F_REASON } },

	{ "GET", "/api/admin/audit-log", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.list_operations", "log_entry_list", NULL,
	    { F_USER, { "operator", FIELD_ID, IN_QUERY, false, 1, 200, 0 },
		{ "operation", FIELD_NAME, IN_QUERY, false, 1, 64, 0 },
		{ "outcome", FIELD_NAME, IN_QUERY, false, 1, 64, 0 }, F_SPAN,
		F_LIST } },

	{ "POST", "/api/admin/checks/credits-sync", WHO_SERVICE | WHO_ADMIN,
	    ROUTE_RERUN | ROUTE_AUDITED | ROUTE_BULK, &handle_call,
	    "florin_admin.check_credits_sync", "credits_sync", "user_not_found",
	    { { "user_id", FIELD_USER_ID, IN_BODY, false, 1, 128, 0 },
		{ "repair", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		{ "reason", FIELD_TEXT, IN_BODY, false, 1, 500, 0 },
		{ "limit", FIELD_INT, IN_BODY, false, 1, 200, 0 },
		{ "cursor", FIELD_CURSOR, IN_BODY, false, 1, 512, 0 } } },

	{ "GET", "/api/admin/settings", WHO_ADMIN, ROUTE_BULK, &handle_call,
	    "florin_admin.get_settings", "settings", NULL, { { 0 } } },

	{ "PATCH", "/api/admin/settings", WHO_ADMIN,
	    ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK, &handle_call,
	    "florin_admin.update_settings", "settings", "invalid_request",
	    { { "changes", FIELD_MEMBERS, IN_BODY, true, 0, 0, 0 },
		F_REASON } },

	{ 0 },
};
