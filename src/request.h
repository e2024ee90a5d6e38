/*
 * One request: what came (FastCGI parameters and body), what the checks made
 * of it, the calls that it makes, the reply.  It owns its arena: request_end
 * frees everything, handlers free nothing.
 */
#ifndef FLORIN_REQUEST_H
#define FLORIN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth.h"
#include "db.h"
#include "errors.h"
#include "input.h"
#include "route.h"
#include "util/arena.h"
#include "util/buf.h"

struct FCGX_Request;

struct reply {
	int status; /* 0: none yet */
	enum err err;
	const char *content_type;
	const char *body;
	size_t body_len;
	struct buf headers; /* "Name: value\r\n"... */
	bool streamed;      /* it is on its way already */
	bool broken;        /* ... and will not be whole: the peer sees it */
};

/* The FastCGI parameters that are read; absent ones are NULL. */
struct params {
	const char *method, *path_info, *request_uri, *query;
	const char *content_type, *content_length, *content_encoding;
	const char *authorization, *idempotency_key, *if_none_match;
	const char *origin, *accept_language, *user_agent, *remote_addr;
	const char *request_id, *web_server_id;
	const char *preflight_method, *transfer_encoding, *accept;
	const char *stripe_signature;
	const char *wechat_signature, *wechat_timestamp;
	const char *wechat_nonce, *wechat_serial;
	bool doubled; /* one of them came twice */
};

struct request {
	struct arena arena;
	struct FCGX_Request *fcgi;
	int64_t began_us; /* monotonic */
	struct params params;
	char id[65];
	char *path;
	char *body;
	size_t body_len;
	struct json_object *json; /* the parsed body */

	const struct route *route;
	struct identity who;
	char caller[140];
	const char *user_id; /* of a scoped row */
	const char *key;     /* Idempotency-Key */
	const char *known_revision;
	const char *values[ROUTE_FIELDS_MAX];
	struct input_errors errors;

	struct call *calls;
	size_t calls_count;
	void *state;       /* what a handler keeps, in the arena */
	struct call audit; /* record_refusal, if audit.route is set */

	struct reply reply;
	const char *auth_fault; /* for the log; NULL if none */
	void *work;             /* of the handler, in the arena */
};

/* Read one request from an accepted connection; it then belongs to the
 * request.  False if it was no request: the connection is closed. */
bool request_read(struct request *r, int fd);

/* Send the reply and close the connection. */
void request_send(struct request *r);

/* Send the reply piece by piece instead: first its head (status, type,
 * headers), then data as it comes; request_send ends it.  Each waits at most
 * wait_ms for the peer; false if the peer is gone. */
bool request_stream_head(struct request *r, int status,
    const char *content_type, int wait_ms);
bool request_stream(struct request *r, const char *data, size_t len);

/* Free everything; the struct may serve the next request. */
void request_end(struct request *r);

/* One-time set-up of the FastCGI library. */
void request_init(void);

/* True if the connection holds a whole request (or its first 64 KiB), false
 * if more must come; *gone is set if the peer has left. */
bool request_is_whole(int fd, bool *gone);

/* The value of a field by its name; NULL if absent. */
const char *request_value(const struct request *r, const char *name);

/* Queue n zeroed calls of the request's row. */
struct call *request_calls(struct request *r, size_t n);

#endif
