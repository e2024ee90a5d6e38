/*
 * The one HTTP client of this program (libcurl): for upstreams of features
 * and for webhooks.  It follows no redirect, uses no proxy, keeps no
 * connection, and reaches no private address that it was not told of.  An
 * answer with a Content-Encoding is decoded.
 */
#ifndef FLORIN_HTTP_CLIENT_H
#define FLORIN_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_ERROR_BYTES = 256 };

struct http_head {
	int status;
	const char *content_type; /* "" if none; valid during the call */
	long long length;         /* -1: not known before its end */
};

/* A POST.  The callbacks are called in this order: on_head once, on_data for
 * each piece as it comes; one that returns false ends the exchange. */
struct http_exchange {
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated */
	const char *body;
	size_t body_len;
	long timeout_ms;                    /* of all of it */
	const char *const *private_allowed; /* addresses, NULL-terminated */
	bool (*on_head)(void *context, const struct http_head *head);
	bool (*on_data)(void *context, const char *data, size_t len);
	void *context;
};

/* Run it.  True if a whole answer came, whatever its status; else `error`
 * says what happened, in words for a log. */
bool
http_run(const struct http_exchange *exchange, char error[HTTP_ERROR_BYTES]);

#endif
