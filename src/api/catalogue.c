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

	{ 0 },
};
