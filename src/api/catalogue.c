/*
 * Rows of the catalogue: what the site offers and at which price.  GET lists,
 * POST adds a row, PATCH changes the fields that it names; `expires_after_days`
 * 0 and `min_plan` "" take away what stood there.
 */
#include "../dispatch.h"
#include "../route.h"

#define ADDS WHO_ADMIN, ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK, &handle_call
#define LISTS WHO_ADMIN, ROUTE_BULK, &handle_call

#define F_KEY(name, in)                              \
	{                                            \
		name, FIELD_NAME, in, true, 1, 64, 0 \
	}
#define F_DAYS                                                               \
	{                                                                    \
		"expires_after_days", FIELD_INT, IN_BODY, false, 0, 36500, 0 \
	}

#define F_COST(required)                                               \
	{                                                              \
		"cost", FIELD_INT, IN_BODY, required, 0, AMOUNT_MAX, 0 \
	}
#define F_MIN_PLAN                                               \
	{                                                        \
		"min_plan", FIELD_NAME, IN_BODY, false, 0, 64, 0 \
	}

#define F_BONUS(name)                                             \
	{                                                         \
		name, FIELD_INT, IN_BODY, false, 0, AMOUNT_MAX, 0 \
	}

const struct route catalogue_routes[] = {
	{ "GET", "/api/admin/credit-sources", LISTS,
	    "florin_admin.list_credit_sources", "credit_source_list", NULL,
	    { F_LIST } },

	{ "POST", "/api/admin/credit-sources", ADDS,
	    "florin_admin.create_credit_source", "credit_source",
	    "already_done",
	    { F_KEY("source", IN_BODY),
		{ "priority", FIELD_INT, IN_BODY, true, 0, 100, 0 },
		{ "category", FIELD_CHOICE, IN_BODY, true, 0, 0,
		    "membership|promotional|paid" },
		{ "merge", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		{ "grantable", FIELD_BOOL, IN_BODY, false, 0, 0, 0 }, F_DAYS,
		F_REASON } },

	{ "PATCH", "/api/admin/credit-sources/{source}", ADDS,
	    "florin_admin.update_credit_source", "credit_source", "not_found",
	    { F_KEY("source", IN_PATH),
		{ "priority", FIELD_INT, IN_BODY, false, 0, 100, 0 },
		{ "category", FIELD_CHOICE, IN_BODY, false, 0, 0,
		    "membership|promotional|paid" },
		{ "merge", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		{ "grantable", FIELD_BOOL, IN_BODY, false, 0, 0, 0 }, F_DAYS,
		F_REASON } },

	{ "GET", "/api/admin/plans", LISTS, "florin_admin.list_all_plans",
	    "plan_list", NULL, { F_LIST } },

	{ "POST", "/api/admin/plans", ADDS, "florin_admin.create_plan", "plan",
	    "already_done invalid_request",
	    { F_KEY("plan", IN_BODY),
		{ "rank", FIELD_INT, IN_BODY, true, 1, 1000000, 0 },
		{ "monthly_credits", FIELD_INT, IN_BODY, true, 1, AMOUNT_MAX,
		    0 },
		{ "prices", FIELD_ARRAY, IN_BODY, true, 0, 100, 0 },
		{ "available", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		F_REASON } },

	{ "PATCH", "/api/admin/plans/{plan}", ADDS, "florin_admin.update_plan",
	    "plan", "not_found invalid_request",
	    { F_KEY("plan", IN_PATH),
		{ "rank", FIELD_INT, IN_BODY, false, 1, 1000000, 0 },
		{ "monthly_credits", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX,
		    0 },
		{ "prices", FIELD_ARRAY, IN_BODY, false, 0, 100, 0 },
		{ "available", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		F_REASON } },

	{ "GET", "/api/admin/task-prices", LISTS,
	    "florin_admin.list_task_prices", "task_price_list", NULL,
	    { F_LIST } },

	{ "POST", "/api/admin/task-prices", ADDS,
	    "florin_admin.create_task_price", "task_price",
	    "already_done unknown_plan",
	    { F_KEY("kind", IN_BODY), F_COST(true), F_MIN_PLAN, F_REASON } },

	{ "PATCH", "/api/admin/task-prices/{kind}", ADDS,
	    "florin_admin.update_task_price", "task_price",
	    "not_found unknown_plan",
	    { F_KEY("kind", IN_PATH), F_COST(false), F_MIN_PLAN, F_REASON } },

	{ "GET", "/api/admin/action-types", LISTS,
	    "florin_admin.list_action_types", "action_type_list", NULL,
	    { F_LIST } },

	{ "POST", "/api/admin/action-types", ADDS,
	    "florin_admin.create_action_type", "action_type",
	    "already_done invalid_request",
	    { F_KEY("action_type", IN_BODY),
		{ "counters", FIELD_NAMES, IN_BODY, true, 0, 6, 0 },
		F_REASON } },

	{ "PATCH", "/api/admin/action-types/{action_type}", ADDS,
	    "florin_admin.update_action_type", "action_type",
	    "not_found invalid_request",
	    { F_KEY("action_type", IN_PATH),
		{ "counters", FIELD_NAMES, IN_BODY, false, 0, 6, 0 },
		F_REASON } },

	{ "GET", "/api/admin/features", LISTS, "florin_admin.list_all_features",
	    "admin_feature_list", NULL, { F_LIST } },

	{ "POST", "/api/admin/features", ADDS, "florin_admin.create_feature",
	    "admin_feature", "already_done unknown_plan invalid_request",
	    { F_KEY("feature", IN_BODY),
		{ "kind", FIELD_NAME, IN_BODY, false, 1, 64, 0 }, F_COST(true),
		{ "upstream_url", FIELD_ID, IN_BODY, true, 1, 2000, 0 },
		{ "timeout_seconds", FIELD_INT, IN_BODY, false, 1, 300, 0 },
		F_MIN_PLAN, F_REASON } },

	{ "PATCH", "/api/admin/features/{feature}", ADDS,
	    "florin_admin.update_feature", "admin_feature",
	    "not_found unknown_plan invalid_request",
	    { F_KEY("feature", IN_PATH),
		{ "kind", FIELD_NAME, IN_BODY, false, 1, 64, 0 }, F_COST(false),
		{ "upstream_url", FIELD_ID, IN_BODY, false, 1, 2000, 0 },
		{ "timeout_seconds", FIELD_INT, IN_BODY, false, 1, 300, 0 },
		F_MIN_PLAN, F_REASON } },

	{ "GET", "/api/admin/packages", LISTS, "florin_admin.list_all_packages",
	    "package_list", NULL, { F_LIST } },

	{ "POST", "/api/admin/packages", ADDS, "florin_admin.create_package",
	    "package", "already_done unknown_plan",
	    { F_KEY("package_id", IN_BODY),
		{ "title", FIELD_TEXT, IN_BODY, true, 1, 200, 0 },
		{ "credits", FIELD_INT, IN_BODY, true, 1, AMOUNT_MAX, 0 },
		F_BONUS("bonus_credits"), F_BONUS("member_bonus_credits"),
		{ "amount", FIELD_INT, IN_BODY, true, 1, AMOUNT_MAX, 0 },
		{ "currency", FIELD_CURRENCY, IN_BODY, true, 3, 3, 0 }, F_DAYS,
		F_MIN_PLAN,
		{ "available", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		F_REASON } },

	{ "PATCH", "/api/admin/packages/{package_id}", ADDS,
	    "florin_admin.update_package", "package", "not_found unknown_plan",
	    { F_KEY("package_id", IN_PATH),
		{ "title", FIELD_TEXT, IN_BODY, false, 1, 200, 0 },
		{ "credits", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, 0 },
		F_BONUS("bonus_credits"), F_BONUS("member_bonus_credits"),
		{ "amount", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, 0 },
		{ "currency", FIELD_CURRENCY, IN_BODY, false, 3, 3, 0 }, F_DAYS,
		F_MIN_PLAN,
		{ "available", FIELD_BOOL, IN_BODY, false, 0, 0, 0 },
		F_REASON } },

	{ 0 },
};
