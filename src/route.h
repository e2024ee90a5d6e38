/*
 * The routing table: one row is the endpoint.  Dispatcher, input check, boot
 * check, OpenAPI, contract tests and metrics all read the same rows.  Policy
 * (who may call, whose wallet, which key) lives here and nowhere else.
 */
#ifndef FLORIN_ROUTE_H
#define FLORIN_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "errors.h"

struct request;

enum { ROUTE_FIELDS_MAX = 12 };
#define AMOUNT_MAX 9007199254740991LL /* 2^53 - 1 */

/* Who may call, a set. */
enum who {
	WHO_USER = 1,
	WHO_SERVICE = 2,
	WHO_ADMIN = 4,
	WHO_ANYONE = 8, /* no token is asked for */
	WHO_LOCAL = 16, /* no token; only from a loopback address */
	WHO_ALL = WHO_USER | WHO_SERVICE | WHO_ADMIN
};

enum {
	ROUTE_SCOPED = 1,       /* the function takes user_id: a user's own,
	                            else named (path, query on GET and DELETE,
	                            body on others) */
	ROUTE_KEY = 2,          /* takes Idempotency-Key */
	ROUTE_KEY_REQUIRED = 4, /* 400 without one */
	ROUTE_AUDITED = 8,      /* takes ip and user_agent; an admin's
	                            refusal is recorded */
	ROUTE_CACHED = 16,      /* takes known_revision; ETag and 304 */
	ROUTE_RERUN = 32,       /* safe to repeat in doubt without a key */
	ROUTE_BULK = 64,        /* served by the pool "bulk" */
	ROUTE_INTERNAL = 128,   /* no request reaches it: called by us */
	ROUTE_RAW = 256,        /* the handler reads the body as it came */
	ROUTE_FEATURES = 512,   /* served by the pool "features" */
	ROUTE_RUNS = 1024       /* the row before it does many of its calls at
	                            once (db_run.h) */
};
#define ROUTE_KEYED (ROUTE_KEY | ROUTE_KEY_REQUIRED)

/* IN_HANDLER: not of the request, the row's handler sets it. */
enum field_in { IN_BODY, IN_QUERY, IN_PATH, IN_HANDLER };

/* Type of a field, with the SQL type of the function's parameter. */
enum field_type {
	FIELD_INT,     /* bigint; min..max are values */
	FIELD_TEXT,    /* text; min..max are code points; no NUL */
	FIELD_ID,      /* text; like FIELD_TEXT without control characters */
	FIELD_NAME,    /* text; [a-z0-9_.-], min..max long */
	FIELD_USER_ID, /* text; a user id */
	FIELD_EMAIL,   /* text; something@something, no control characters */
	FIELD_CURSOR,  /* text; [A-Za-z0-9_-], min..max long */
	FIELD_CHOICE,  /* text; one of `choices`, separated by | */
	FIELD_TIME,    /* timestamptz; RFC 3339 with offset */
	FIELD_MONTH,   /* text; YYYY-MM */
	FIELD_BOOL,    /* boolean */
	FIELD_OBJECT,  /* jsonb; any JSON object */
	FIELD_JSON,    /* jsonb; any JSON value but null */
	FIELD_ARRAY,   /* jsonb; min..max elements, no number with a fraction */
	FIELD_LIST,    /* no SQL; an array for the row's own handler */
	FIELD_NAMES,   /* text[]; array of FIELD_NAME, min..max elements */
	FIELD_MEMBERS, /* jsonb; all members of the body that no other field
	                  names, at least one; a number must be an integer */
	FIELD_CURRENCY, /* text; ISO 4217, in capitals */
	FIELD_BYTES,    /* bytea; of internal rows only */
};

struct field {
	const char *name;
	enum field_type type;
	enum field_in in;
	bool required;
	long long min, max;
	const char *choices;
};

/* What a request does between the checks and the answer. */
struct handler {
	enum err (*start)(struct request *r);  /* queue calls or reply */
	enum err (*finish)(struct request *r); /* results to reply */
};

struct route {
	const char *method; /* GET also serves HEAD */
	const char *path;   /* "/api/credits/transactions/{transaction_id}" */
	unsigned who;       /* set of enum who */
	unsigned flags;     /* set of ROUTE_* */
	const struct handler *handler;
	const char *function; /* "florin_api.consume_credits", NULL if none */
	const char *answer;   /* "201 200 wallet": statuses, if not 200 only,
	                         and shapes of the answer; "text" is none, "raw"
	                         whatever the handler passes on */
	const char *errors;   /* refusals of the function: "a b c" */
	struct field fields[ROUTE_FIELDS_MAX]; /* ends at name == NULL */
};

/* Words that fields and shapes share. */
#define ORDER_STATUSES \
	"pending|paid|partially_refunded|refunded|cancelled|expired"
#define TRANSACTION_KINDS                                                \
	"registration|grant|consume|refund|hold|release|adjust|checkin|" \
	"checkin_bonus|membership|reset|recharge|recharge_bonus|"        \
	"first_recharge_bonus|clawback|code|import|expire"
#define TASK_STATUSES "queued|running|succeeded|failed|cancelled"
#define ALERT_CATEGORIES "repair|business|security|admin"
#define ALERT_STATUSES "open|acknowledged|resolved"

/* Common fields, so that rows stay short. */
#define F_AMOUNT                                                     \
	{                                                            \
		"amount", FIELD_INT, IN_BODY, true, 1, AMOUNT_MAX, 0 \
	}
#define F_REASON                                               \
	{                                                      \
		"reason", FIELD_TEXT, IN_BODY, true, 1, 500, 0 \
	}
#define F_LIST                                                     \
	{ "limit", FIELD_INT, IN_QUERY, false, 1, 200, 0 },        \
	{                                                          \
		"cursor", FIELD_CURSOR, IN_QUERY, false, 1, 512, 0 \
	}

/* All rows, in the order of the modules of src/api. */
size_t route_count(void);
const struct route *route_at(size_t index);
size_t route_index(const struct route *route);

/* Which rows this process serves: those of its pool.  "bulk" serves all that
 * "wallet" does, too; "features" only its own.  All until it is called. */
void route_serve(const char *pool);
bool route_served(const struct route *route);

struct route_match {
	const struct route *route; /* NULL: see err */
	enum err err;              /* NOT_FOUND or METHOD_NOT_ALLOWED */
	char allow[64];            /* methods of the path: "GET, HEAD" */
	struct {
		const char *name; /* of the parameter, not terminated */
		size_t name_len;
		const char *value; /* in path */
		size_t len;
	} params[2];
	size_t params_count;
};

/* Find the row of a method and a decoded path. */
void route_find(const char *method, const char *path, struct route_match *m);

/* The parameter types, for the boot check: "text", "bigint", ... */
const char *field_sql_type(enum field_type type);

/* The names and SQL types of all parameters of a row's function, context
 * first: caller [, user_id] [, idempotency_key, request_hash]
 * [, ip, user_agent] [, known_revision], then the fields in order.
 * Returns the count (at most ROUTE_PARAMS_MAX). */
enum { ROUTE_PARAMS_MAX = ROUTE_FIELDS_MAX + 7 };
struct route_param {
	const char *name;
	const char *sql_type;
};
size_t route_params(const struct route *route,
    struct route_param params[ROUTE_PARAMS_MAX]);

#endif
