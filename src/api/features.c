/*
 * Metered features: the request is the worker of a task.  First round: the
 * charge, durable; then the upstream is asked; second round: the task ends,
 * with the answer kept or the charge given back.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../config.h"
#include "../dispatch.h"
#include "../http_client.h"
#include "../json_scan.h"
#include "../log.h"
#include "../reply.h"
#include "../request.h"
#include "../route.h"
#include "../util/hex.h"
#include "../util/sha256.h"

enum {
	ANSWER_BYTES_MAX = 256 * 1024, /* kept for the same key again */
	TYPE_BYTES_MAX = 200,
	URL_BYTES_MAX = 2048,
	CLIENT_WAIT_MS = 10000, /* for a client to take a piece of a stream */
	DATABASE_MS = 2 * 12000 /* what both rounds may take of our time */
};

/* What stands between the rounds. */
struct work {
	char token[33];
	char task_id[27];
	char url[URL_BYTES_MAX];
	long timeout_ms;
	char balance[20];

	int status; /* of the upstream; 0: no head yet */
	char content_type[TYPE_BYTES_MAX + 1]; /* "" if none */
	struct buf body; /* what came, as far as it may be kept */
	bool too_long, streaming, client_gone;
	bool asked, succeeded;
	char error[HTTP_ERROR_BYTES];
};

/* Where the rows stand that end a feature's task. */
enum { COMPLETE_ROW, FAIL_ROW };
extern const struct route features_routes[];

static struct json_slice
answer_of(const struct call *call)
{
	return (struct json_slice){ call->body, call->body_len };
}

/* A member of the function's answer as text; "" if it is null or absent. */
static void
member_text(struct json_slice object, const char *name, char *out, size_t size)
{
	struct json_slice value = json_member(object, name);

	out[0] = '\0';
	if (value.data == NULL || json_unquote(value, out, size))
		return;
	if (isdigit((unsigned char)value.data[0]))
		snprintf(out, size, "%.*s", (int)value.len, value.data);
}

/* ---- first round: the charge ---- */

static bool
is_plain_type(const char *type)
{
	size_t len = strlen(type);

	for (size_t i = 0; i < len; i++)
		if (type[i] < 0x20 || type[i] > 0x7e)
			return false;
	return len <= TYPE_BYTES_MAX;
}

static const char *
body_hash(struct request *r)
{
	struct iovec piece = { r->body, r->body_len };
	uint8_t digest[SHA256_BYTES];
	char *text = arena_alloc(&r->arena, 2 * SHA256_BYTES + 1);

	sha256(digest, &piece, 1);
	hex_encode(text, digest, sizeof(digest));
	return text;
}

static enum err
start_feature(struct request *r)
{
	struct work *work = arena_alloc(&r->arena, sizeof(*work));
	const char *type = r->params.content_type;
	struct call *calls;
	uint8_t random[16];

	if (type != NULL && !is_plain_type(type)) {
		reply_problem(r, ERR_UNSUPPORTED_MEDIA_TYPE, NULL, NULL);
		return ERR_UNSUPPORTED_MEDIA_TYPE;
	}
	r->work = work;
	if (r->values[0] == NULL)
		r->values[0] = "rewrite"; /* its path names none */
	r->values[1] = type;
	r->values[2] = body_hash(r);
	calls = request_calls(r, 2);
	r->calls_count = 1;
	dispatch_values(r, &calls[0]);
	/* Ours alone, so no part of what makes two requests the same. */
	if (getentropy(random, sizeof(random)) != 0)
		abort();
	hex_encode(work->token, random, sizeof(random));
	calls[0].values[7] = work->token;
	return ERR_NONE;
}

/* ---- the upstream ---- */

/* An answer that says how long it is, and is not too long, is held until it
 * is whole: if it breaks off the client gets a plain refusal.  All others
 * are passed on as they come. */
static bool
on_head(void *context, const struct http_head *head)
{
	struct request *r = context;
	struct work *work = r->work;

	work->status = head->status;
	if (is_plain_type(head->content_type))
		strcpy(work->content_type, head->content_type);
	if (head->status < 200 || head->status > 299)
		return false;
	work->streaming = head->length < 0 || head->length > ANSWER_BYTES_MAX;
	if (work->streaming) {
		reply_header(r, "X-Credits-Balance", work->balance);
		reply_header(r, "X-Content-Type-Options", "nosniff");
		work->client_gone = !request_stream_head(r, head->status,
		    work->content_type[0] ? work->content_type : NULL,
		    CLIENT_WAIT_MS);
	}
	return true;
}

/* A client that is gone changes nothing: the work was asked for. */
static bool
on_data(void *context, const char *data, size_t len)
{
	struct request *r = context;
	struct work *work = r->work;

	if (work->streaming && !work->client_gone)
		work->client_gone = !request_stream(r, data, len);
	if (work->body.len + len > ANSWER_BYTES_MAX) {
		work->too_long = true;
		buf_reset(&work->body);
	}
	if (!work->too_long)
		buf_add(&work->body, data, len);
	return true;
}

static const char *
header_line(struct request *r, const char *name, const char *value)
{
	return arena_printf(&r->arena, "%s: %s", name, value);
}

/* A user's id as a header can carry it. */
static const char *
user_header(struct request *r)
{
	struct buf text = { 0 };
	const char *line;

	for (const char *p = r->user_id; *p != '\0'; p++)
		if (isalnum((unsigned char)*p) || strchr("-._~|@", *p) != NULL)
			buf_add(&text, p, 1);
		else
			buf_printf(&text, "%%%02X", (unsigned char)*p);
	line = arena_printf(&r->arena, "Florin-User: %.*s", (int)text.len,
	    text.data);
	buf_free(&text);
	return line;
}

/* What the upstream may know of the request: nothing else, and never the
 * token. */
static void
fill_headers(struct request *r, const char *headers[8])
{
	const struct params *p = &r->params;
	const struct work *work = r->work;
	size_t n = 0;

	headers[n++] = p->content_type != NULL
	    ? header_line(r, "Content-Type", p->content_type)
	    : "Content-Type:";
	if (p->accept != NULL && is_plain_type(p->accept))
		headers[n++] = header_line(r, "Accept", p->accept);
	if (p->accept_language != NULL && is_plain_type(p->accept_language))
		headers[n++] = header_line(r, "Accept-Language",
		    p->accept_language);
	headers[n++] = header_line(r, "X-Request-Id", r->id);
	headers[n++] = header_line(r, "Idempotency-Key", work->task_id);
	headers[n++] = user_header(r);
	headers[n] = NULL;
}

static long
time_left_ms(const struct work *work)
{
	long limit_ms =
	    dispatch_current()->pool->request_timeout_ms - DATABASE_MS;

	if (limit_ms < 1000)
		limit_ms = 1000;
	return work->timeout_ms < limit_ms ? work->timeout_ms : limit_ms;
}

static void
ask_upstream(struct request *r)
{
	struct work *work = r->work;
	const char *headers[8];
	struct http_exchange x = { .url = work->url,
		.headers = headers,
		.body = r->body,
		.body_len = r->body_len,
		.timeout_ms = time_left_ms(work),
		.private_allowed =
		    dispatch_current()->config->private_upstreams,
		.on_head = on_head,
		.on_data = on_data,
		.context = r };

	fill_headers(r, headers);
	work->asked = true;
	work->succeeded = http_run(&x, work->error);
	if (work->status != 0 && (work->status < 200 || work->status > 299))
		snprintf(work->error, sizeof(work->error),
		    "the upstream answered %d", work->status);
	if (!work->succeeded)
		log_event(LOG_LEVEL_WARNING, "request %s: upstream of %s: %s",
		    r->id, r->values[0], work->error);
}

/* ---- second round: the end ---- */

static const char *
bytea_text(struct request *r, const struct buf *bytes)
{
	char *text = arena_alloc(&r->arena, 2 * bytes->len + 3);

	strcpy(text, "\\x");
	hex_encode(text + 2, (const uint8_t *)bytes->data, bytes->len);
	return text;
}

/* The problem without its last brace: what the refund says comes after. */
static const char *
problem_head(struct request *r)
{
	struct buf text = { 0 };
	const char *head;

	reply_problem_text(&text, r, ERR_UPSTREAM_FAILED, NULL, NULL);
	head = arena_printf(&r->arena, "%.*s", (int)text.len - 1, text.data);
	buf_free(&text);
	return head;
}

static void
queue_end(struct request *r)
{
	struct work *work = r->work;
	struct call *call = &r->calls[1];
	size_t n = 0;

	r->calls_count = 2;
	call->route = &features_routes[work->succeeded ? COMPLETE_ROW
						       : FAIL_ROW];
	call->rerun = true; /* the token says whose task it is */
	call->values[n++] = r->caller;
	call->values[n++] = r->user_id;
	call->values[n++] = work->task_id;
	call->values[n++] = work->token;
	if (!work->succeeded) {
		call->values[n++] = work->error;
		call->values[n++] = problem_head(r);
		return;
	}
	call->values[n++] = arena_printf(&r->arena, "%d", work->status);
	call->values[n++] = work->content_type[0] ? work->content_type : NULL;
	call->values[n++] = work->too_long ? NULL : bytea_text(r, &work->body);
}

/* ---- replies ---- */

static void
tell_balance(struct request *r, const struct call *call)
{
	char balance[20];

	member_text(answer_of(call), "balance", balance, sizeof(balance));
	if (balance[0] != '\0')
		reply_header(r, "X-Credits-Balance", balance);
}

static void
reply_bytes(struct request *r, int status, const char *type, const char *body,
    size_t len)
{
	reply_json(r, status, NULL);
	r->reply.content_type = type[0] != '\0' ? type : NULL;
	r->reply.body = body;
	r->reply.body_len = len;
	reply_header(r, "X-Content-Type-Options", "nosniff");
}

/* The answer as it was kept. */
static void
reply_stored(struct request *r, struct json_slice stored)
{
	struct json_slice body = json_member(stored, "body");
	char *type = arena_alloc(&r->arena, TYPE_BYTES_MAX + 1);
	char status[8];

	member_text(stored, "status", status, sizeof(status));
	member_text(stored, "content_type", type, TYPE_BYTES_MAX + 1);
	body.len = (body.len - 2) / 2; /* hexadecimal in quotes */
	reply_bytes(r, atoi(status), type,
	    hex_decode(arena_alloc(&r->arena, body.len + 1), body.data + 1,
		body.len),
	    body.len);
}

/* Failed, just now or when the key was seen first: then the same bytes, unless
 * the task was lost with its worker. */
static enum err
reply_failed(struct request *r, const struct call *call)
{
	struct json_slice stored = json_member(answer_of(call), "stored");
	struct json_slice extras = json_member(answer_of(call), "extras");

	tell_balance(r, call);
	reply_problem(r, ERR_UPSTREAM_FAILED, NULL,
	    arena_copy(&r->arena, extras.data, extras.len));
	if (call == &r->calls[0]) {
		reply_header(r, "Idempotent-Replayed", "true");
		if (stored.data[0] == '{')
			reply_stored(r, stored);
		/* The header and the log name the request that failed. */
		member_text(
		    (struct json_slice){ r->reply.body, r->reply.body_len },
		    "request_id", r->id, sizeof(r->id));
	}
	return ERR_UPSTREAM_FAILED;
}

/* The same key again: the first answer, as far as it was kept. */
static enum err
reply_again(struct request *r, const struct call *call)
{
	struct json_slice stored = json_member(answer_of(call), "stored");
	struct json_slice task = json_member(answer_of(call), "task");

	tell_balance(r, call);
	reply_header(r, "Idempotent-Replayed", "true");
	if (stored.data != NULL)
		reply_stored(r, stored);
	else
		reply_json(r, 200,
		    arena_printf(&r->arena, "{\"task\":%.*s}", (int)task.len,
			task.data));
	return ERR_NONE;
}

/* A stream is on its way: its end can only be whole or broken. */
static enum err
end_stream(struct request *r)
{
	struct work *work = r->work;

	r->reply.status = work->status;
	r->reply.broken = !work->succeeded;
	if (!work->succeeded)
		r->reply.err = ERR_UPSTREAM_FAILED; /* for the log */
	buf_free(&work->body);
	return r->reply.err;
}

static enum err
finish_end(struct request *r)
{
	struct work *work = r->work;
	const struct call *call = &r->calls[1];
	const char *body;
	size_t len;

	if (work->streaming)
		return end_stream(r);
	len = work->body.len;
	body = arena_copy(&r->arena, len > 0 ? work->body.data : "", len);
	buf_free(&work->body);
	if (call->state != CALL_ANSWERED)
		return reply_call(r, call);
	if (call->status == 502)
		return reply_failed(r, call);
	reply_bytes(r, work->status, work->content_type, body, len);
	tell_balance(r, call);
	return ERR_NONE;
}

static enum err
finish_feature(struct request *r)
{
	struct work *work = r->work;
	const struct call *call = &r->calls[0];
	char seconds[8];

	if (work->asked)
		return finish_end(r);
	if (call->state != CALL_ANSWERED)
		return reply_call(r, call);
	if (call->status == 502)
		return reply_failed(r, call);
	if (call->status != 201)
		return reply_again(r, call);
	member_text(answer_of(call), "task_id", work->task_id,
	    sizeof(work->task_id));
	member_text(answer_of(call), "upstream_url", work->url,
	    sizeof(work->url));
	member_text(answer_of(call), "balance", work->balance,
	    sizeof(work->balance));
	member_text(answer_of(call), "timeout_seconds", seconds,
	    sizeof(seconds));
	work->timeout_ms = atol(seconds) * 1000;
	ask_upstream(r);
	queue_end(r);
	return ERR_NONE;
}

static const struct handler handle_feature = { start_feature, finish_feature };

/* ---- rows ---- */

#define OF_TASK                                                  \
	{ "task_id", FIELD_NAME, IN_HANDLER, true, 1, 26, 0 },   \
	{ "claim_token", FIELD_NAME, IN_HANDLER, true, 1, 64, 0 }

/* The charge, by the request itself; the token is no part of what makes two
 * requests the same. */
#define OF_REQUEST                                                        \
	{ "content_type", FIELD_TEXT, IN_HANDLER, false, 0, 0, 0 },       \
	{ "body_hash", FIELD_TEXT, IN_HANDLER, true, 64, 64, 0 },         \
	{ "claim_token", FIELD_NAME, IN_HANDLER, true, 32, 32, 0 }

const struct route features_routes[] = {
	[COMPLETE_ROW] = { "POST", "complete_feature", 0,
	    ROUTE_SCOPED | ROUTE_INTERNAL, NULL,
	    "florin_api.complete_feature", NULL, NULL,
	    { OF_TASK, { "status", FIELD_INT, IN_HANDLER, true, 200, 299, 0 },
		{ "content_type", FIELD_TEXT, IN_HANDLER, false, 0, 0, 0 },
		{ "body", FIELD_BYTES, IN_HANDLER, false, 0, 0, 0 } } },
	[FAIL_ROW] = { "POST", "fail_feature", 0,
	    ROUTE_SCOPED | ROUTE_INTERNAL, NULL, "florin_api.fail_feature",
	    NULL, NULL,
	    { OF_TASK, { "error", FIELD_TEXT, IN_HANDLER, true, 0, 0, 0 },
		{ "problem", FIELD_TEXT, IN_HANDLER, true, 0, 0, 0 } } },

	{ "GET", "/api/features", WHO_ANYONE, 0, &handle_call,
	    "florin_api.list_features", "feature_list", "invalid_request",
	    { F_LIST } },

	{ "POST", "/api/rewrite", WHO_USER,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_RAW | ROUTE_FEATURES,
	    &handle_feature, "florin_api.begin_feature",
	    "raw",
	    "user_not_found unknown_feature wallet_frozen members_only "
	    "insufficient_credits upstream_failed in_progress "
	    "idempotency_key_reused already_done",
	    { { "feature", FIELD_NAME, IN_HANDLER, false, 1, 64, 0 },
		OF_REQUEST } },

	{ "POST", "/api/features/{feature}", WHO_USER,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_RAW | ROUTE_FEATURES,
	    &handle_feature, "florin_api.begin_feature",
	    "raw",
	    "user_not_found unknown_feature wallet_frozen members_only "
	    "insufficient_credits upstream_failed in_progress "
	    "idempotency_key_reused already_done",
	    { { "feature", FIELD_NAME, IN_PATH, true, 1, 64, 0 },
		OF_REQUEST } },

	{ 0 },
};
