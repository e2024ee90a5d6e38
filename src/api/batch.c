/*
 * Many operations of many users in one request.  Each element is what the
 * operation's own endpoint would have got (checked by that row's fields, with
 * the same request hash: they replay each other) and is a transaction of its
 * own; all share one barrier.
 */
#include "batch.h"

#include <assert.h>
#include <string.h>

#include "../db.h"
#include "../dispatch.h"
#include "../input.h"
#include "../reply.h"
#include "../request.h"
#include "../route.h"

/* An operation: its row's fields, with those of an element before them. */
struct operation {
	const char *name, *path;
	const struct route *route;
	struct field fields[ROUTE_FIELDS_MAX + 1];
};

enum { OP, KEY, OWN_FIELDS };

static const struct field element_fields[OWN_FIELDS] = {
	[OP] = { "op", FIELD_NAME, IN_BODY, true, 1, 64, 0 },
	[KEY] = { "idempotency_key", FIELD_ID, IN_BODY, true, 1, 257, 0 },
};
static const struct field user_id_field = { "user_id", FIELD_USER_ID, IN_BODY,
	true, 1, 128, 0 };

static struct operation operations[] = {
	{ .name = "consume", .path = "/api/credits/consume" },
	{ .name = "grant", .path = "/api/credits/grant" },
	{ .name = "refund", .path = "/api/credits/refund" },
};
enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

/* An element on its way: a call, or the problem that it had before one. */
struct element {
	struct call *call;
	enum err err;
	const char *problem;
};

static void
learn(struct operation *o)
{
	size_t n = OWN_FIELDS;

	for (size_t i = 0; i < route_count(); i++)
		if (strcmp(route_at(i)->path, o->path) == 0)
			o->route = route_at(i);
	assert(o->route != NULL);
	memcpy(o->fields, element_fields, sizeof(element_fields));
	for (const struct field *f = o->route->fields; f->name != NULL; f++) {
		assert(n < ROUTE_FIELDS_MAX);
		o->fields[n++] = *f;
	}
}

static struct operation *
find_operation(const char *name)
{
	for (size_t i = 0; i < OPERATIONS; i++)
		if (strcmp(operations[i].name, name) == 0) {
			if (operations[i].route == NULL)
				learn(&operations[i]);
			return &operations[i];
		}
	return NULL;
}

/* Which operation an element asks for; NULL after adding an error. */
static struct operation *
read_operation(struct json_object *json, struct input_errors *errors)
{
	struct json_object *op;
	struct operation *o = NULL;
	const char *name;

	if (!input_is_object(json)) {
		input_error(errors, "operations", "type",
		    "each must be an object");
		return NULL;
	}
	op = input_member(json, "op");
	name = input_string(op);
	if (op == NULL)
		input_error(errors, "op", "required", "is required");
	else if (name == NULL)
		input_error(errors, "op", "type", "must be a string");
	else if ((o = find_operation(name)) == NULL)
		input_error(errors, "op", "choice",
		    "must be one of consume|grant|refund");
	return o;
}

/* Check an element and fill its call; false after adding errors. */
static bool
read_element(struct request *r, struct json_object *json, struct call *call,
    struct input_errors *errors)
{
	const char **values = arena_alloc(&r->arena,
	    (ROUTE_FIELDS_MAX + 1) * sizeof(*values));
	struct operation *o = read_operation(json, errors);
	const char *user_id = NULL, *key;

	if (o == NULL ||
	    !input_fields(&r->arena, o->fields, &user_id_field, json, NULL,
		values, &user_id, errors))
		return false;
	key = input_key(&r->arena, values[KEY]);
	if (key == NULL) {
		input_error(errors, "idempotency_key", "format",
		    "must be 1..255 visible ASCII characters");
		return false;
	}
	dispatch_fill(r, call, o->route, user_id, key, values + OWN_FIELDS);
	return true;
}

static void
refuse_element(struct request *r, struct element *e,
    struct input_errors *errors)
{
	struct buf extras = { 0 }, text = { 0 };

	buf_printf(&extras, "{\"errors\":%s]}", errors->json.data);
	e->err = reply_problem_text(&text, r, ERR_INVALID_REQUEST,
	    errors->first, extras.data);
	e->problem = arena_copy(&r->arena, text.data, text.len);
	buf_free(&extras);
	buf_free(&text);
}

static enum err
start_batch(struct request *r)
{
	struct json_object *list = input_member(r->json, "operations");
	size_t count = input_count(list), calls = 0;
	struct element *elements = arena_alloc(&r->arena,
	    count * sizeof(*elements));

	request_calls(r, count);
	for (size_t i = 0; i < count; i++) {
		struct input_errors errors = { 0 };
		struct call *call = &r->calls[calls];

		if (read_element(r, input_element(list, i), call, &errors)) {
			elements[i].call = call;
			calls++;
		} else {
			refuse_element(r, &elements[i], &errors);
		}
		buf_free(&errors.json);
	}
	r->calls_count = calls;
	r->state = elements;
	return ERR_NONE;
}

/* ---- results ---- */

static void
add_problem(struct buf *out, const struct request *r, const struct element *e)
{
	const struct call *call = e->call;
	enum err err = call != NULL ? reply_outcome(call) : e->err;
	bool refused = call != NULL && call->state == CALL_REFUSED;

	buf_printf(out, "{\"status\":%d,\"problem\":", error_row(err)->status);
	if (call == NULL)
		buf_adds(out, e->problem);
	else
		reply_problem_text(out, r, err, refused ? call->detail : NULL,
		    refused ? call->extras : NULL);
	buf_adds(out, "}");
}

/* The members of the answer's own body follow the status. */
static void
add_answer(struct buf *out, const struct call *call)
{
	buf_printf(out, "{\"status\":%d,%s", call->status,
	    call->replayed ? "\"replayed\":true," : "");
	buf_add(out, call->body + 1, call->body_len - 1);
}

/* There was no database: that is one answer for all. */
static bool
is_untouched(const struct request *r)
{
	for (size_t i = 0; i < r->calls_count; i++)
		if (r->calls[i].state != CALL_WAITING)
			return false;
	return r->calls_count > 0;
}

static enum err
finish_batch(struct request *r)
{
	struct json_object *list = input_member(r->json, "operations");
	const struct element *elements = r->state;
	struct buf out = { 0 };

	if (is_untouched(r)) {
		reply_problem(r, ERR_UNAVAILABLE, NULL, NULL);
		return ERR_UNAVAILABLE;
	}
	buf_adds(&out, "{\"results\":[");
	for (size_t i = 0; i < input_count(list); i++) {
		const struct element *e = &elements[i];

		if (i > 0)
			buf_adds(&out, ",");
		if (e->call != NULL && e->call->state == CALL_ANSWERED)
			add_answer(&out, e->call);
		else
			add_problem(&out, r, e);
	}
	buf_adds(&out, "]}");
	reply_json(r, 200, arena_copy(&r->arena, out.data, out.len));
	buf_free(&out);
	return ERR_NONE;
}

const struct handler handle_batch = { start_batch, finish_batch };
