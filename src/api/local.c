/* Rows for the people who run the machine: only from the machine itself. */
#include <stdlib.h>
#include <string.h>

#include "../bootcheck.h"
#include "../config.h"
#include "../dispatch.h"
#include "../metrics.h"
#include "../openapi.h"
#include "../reply.h"
#include "../request.h"
#include "../route.h"

static enum err
reply_buf(struct request *r, const char *type, struct buf *text)
{
	reply_text(r, type, arena_copy(&r->arena, text->data, text->len));
	buf_free(text);
	return ERR_NONE;
}

static enum err
start_ping(struct request *r)
{
	reply_text(r, "text/plain", "pong");
	return ERR_NONE;
}

static enum err
start_live(struct request *r)
{
	reply_json(r, 200, "{\"status\":\"alive\"}");
	return ERR_NONE;
}

static enum err
start_metrics(struct request *r)
{
	struct buf text = { 0 };

	metrics_print(dispatch_current()->metrics, &text);
	return reply_buf(r, "text/plain; version=0.0.4", &text);
}

static enum err
start_status(struct request *r)
{
	bool json = request_value(r, "json") != NULL;
	struct buf text = { 0 };

	metrics_status(dispatch_current()->metrics,
	    dispatch_current()->pool->name, json, &text);
	return reply_buf(r, json ? "application/json" : "text/plain", &text);
}

static enum err
start_ready(struct request *r)
{
	r->calls = NULL;
	strcpy(r->caller, "system");
	dispatch_values(r, request_calls(r, 1));
	return ERR_NONE;
}

/* Ready: the database answers and the boot check found that it fits.  The
 * keys were loaded, or this process would not run. */
static enum err
finish_ready(struct request *r)
{
	return reply_call(r, &r->calls[0]);
}

/* The same for everybody: printed once. */
static enum err
start_openapi(struct request *r)
{
	static struct buf text;

	if (text.len == 0)
		openapi_print(&text);
	reply_json(r, 200, text.data);
	return ERR_NONE;
}

static const struct handler handle_openapi = { start_openapi, NULL };
static const struct handler handle_ping = { start_ping, NULL };
static const struct handler handle_live = { start_live, NULL };
static const struct handler handle_metrics = { start_metrics, NULL };
static const struct handler handle_status = { start_status, NULL };
static const struct handler handle_ready = { start_ready, finish_ready };

const struct route local_routes[] = {
	{ "GET", "/api/openapi.json", WHO_ANYONE, 0, &handle_openapi, NULL,
	    "any", "", { { 0 } } },

	{ "GET", "/livez", WHO_LOCAL, 0, &handle_live, NULL, "liveness", "",
	    { { 0 } } },

	{ "GET", "/readyz", WHO_LOCAL, 0, &handle_ready,
	    "florin_api.get_readiness", "readiness", "unavailable",
	    { { 0 } } },

	{ "GET", "/metrics", WHO_LOCAL, 0, &handle_metrics, NULL, "text", "",
	    { { 0 } } },

	{ "GET", "/status", WHO_LOCAL, 0, &handle_status, NULL, "text any", "",
	    { { "json", FIELD_TEXT, IN_QUERY, false, 0, 0, 0 } } },

	{ "GET", "/ping", WHO_LOCAL, 0, &handle_ping, NULL, "text", "",
	    { { 0 } } },

	{ 0 },
};
