#include "reply.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "db.h"
#include "log.h"
#include "request.h"
#include "util/hex.h"
#include "util/sha256.h"

void
reply_header(struct request *r, const char *name, const char *value)
{
	buf_printf(&r->reply.headers, "%s: %s\r\n", name, value);
}

void
reply_json(struct request *r, int status, const char *body)
{
	r->reply.status = status;
	r->reply.body = body;
	r->reply.body_len = body != NULL ? strlen(body) : 0;
	r->reply.content_type = body != NULL ? "application/json" : NULL;
}

void
reply_text(struct request *r, const char *content_type, const char *body)
{
	reply_json(r, 200, body);
	r->reply.content_type = content_type;
}

/* The weight of a language in Accept-Language, in thousandths. */
static int
language_weight(const char *header, const char *language)
{
	size_t len = strlen(language);
	int best = -1;

	for (const char *p = header; p != NULL && *p != '\0';) {
		size_t range = strcspn(p, ",");
		const char *q;

		while (range > 0 && isspace((unsigned char)*p)) {
			p++;
			range--;
		}
		if (strncasecmp(p, language, len) == 0 &&
		    strchr("-;, ", p[len]) != NULL) {
			q = strstr(p, "q=");
			best = q != NULL && q < p + range
			    ? (int)(strtod(q + 2, NULL) * 1000)
			    : 1000;
		}
		p += range;
		if (*p == ',')
			p++;
	}
	return best;
}

static bool
wants_chinese(const struct request *r)
{
	const char *header = r->params.accept_language;

	return language_weight(header, "zh") >
	    (language_weight(header, "en") > 0 ? language_weight(header, "en")
					       : 0);
}

enum err
reply_problem_text(struct buf *out, const struct request *r, enum err err,
    const char *detail, const char *extras)
{
	const struct error_row *row = error_row(err);
	const char *title = wants_chinese(r) ? row->title_zh : row->title_en;

	if (detail == NULL || detail[0] == '\0')
		detail = title;
	buf_printf(out,
	    "{\"type\":\"urn:florin:problem:%s\",\"title\":", row->code);
	buf_add_json(out, title);
	buf_printf(out, ",\"status\":%d,\"detail\":", row->status);
	buf_add_json(out, detail);
	buf_printf(out, ",\"code\":\"%s\",\"request_id\":\"%s\"", row->code,
	    r->id);
	if (extras != NULL && extras[0] == '{' && extras[1] != '}')
		buf_printf(out, ",%s", extras + 1);
	else
		buf_adds(out, "}");
	return err;
}

void
reply_problem(struct request *r, enum err err, const char *detail,
    const char *extras)
{
	struct buf body = { 0 };

	reply_problem_text(&body, r, err, detail, extras);
	r->reply.err = err;
	r->reply.status = error_row(err)->status;
	r->reply.body = arena_copy(&r->arena, body.data, body.len);
	r->reply.body_len = body.len;
	r->reply.content_type = "application/problem+json";
	reply_header(r, "Content-Language", wants_chinese(r) ? "zh-CN" : "en");
	if (r->reply.status == 503)
		reply_header(r, "Retry-After", "1");
	buf_free(&body);
}

static void
user_tag(char out[17], const char *user_id)
{
	struct iovec piece = { (void *)user_id, strlen(user_id) };
	uint8_t digest[SHA256_BYTES];

	sha256(digest, &piece, 1);
	hex_encode(out, digest, 8);
}

void
reply_etag(char *out, const char *user_id, long long revision)
{
	char tag[17];

	user_tag(tag, user_id);
	snprintf(out, 64, "W/\"%s-%lld\"", tag, revision);
}

long long
reply_known_revision(const char *if_none_match, const char *user_id)
{
	long long best = -1;
	char tag[20];

	if (if_none_match == NULL)
		return -1;
	tag[0] = '"';
	user_tag(tag + 1, user_id);
	tag[17] = '-';
	tag[18] = '\0';
	for (const char *p = strstr(if_none_match, tag); p != NULL;
	     p = strstr(p + 1, tag)) {
		char *end;
		long long revision = strtoll(p + 18, &end, 10);

		if (*end == '"' && isdigit((unsigned char)p[18]) &&
		    revision > best)
			best = revision;
	}
	return best;
}

static enum err
reply_answer(struct request *r, const struct call *call)
{
	char etag[64];

	reply_json(r, call->status, call->body);
	r->reply.body_len = call->body_len;
	if ((r->route->flags & ROUTE_CACHED) && call->revision >= 0 &&
	    r->params.if_none_match != NULL &&
	    strcmp(r->params.if_none_match, "*") == 0)
		r->reply.status = 304; /* "only if there is none": there is */
	if (call->replayed)
		reply_header(r, "Idempotent-Replayed", "true");
	if ((r->route->flags & ROUTE_CACHED) && call->revision >= 0) {
		reply_etag(etag, r->user_id, call->revision);
		reply_header(r, "ETag", etag);
		reply_header(r, "Vary", "Authorization");
	}
	if (r->reply.status == 304) {
		r->reply.body = NULL;
		r->reply.body_len = 0;
		r->reply.content_type = NULL;
	}
	return ERR_NONE;
}

static enum err
refusal(const struct call *call)
{
	enum err err = error_find(call->code != NULL ? call->code : "");

	if (err == ERR_NONE)
		log_event(LOG_LEVEL_ERROR, "no such error code: %s",
		    call->code);
	return err != ERR_NONE ? err : ERR_INTERNAL;
}

static enum err
call_error(const struct call *call)
{
	switch (call->state) {
	case CALL_ANSWERED:
		return ERR_NONE;
	case CALL_REFUSED:
		return refusal(call);
	case CALL_WAITING:
	case CALL_AGAIN:
	case CALL_NOT_DONE:
		return ERR_UNAVAILABLE;
	case CALL_IN_DOUBT:
		return ERR_OUTCOME_UNKNOWN;
	case CALL_BAD_INPUT:
		return ERR_INVALID_REQUEST;
	case CALL_BROKEN:
		break;
	}
	return ERR_INTERNAL;
}

enum err
reply_outcome(const struct call *call)
{
	if (call->state == CALL_BROKEN || call->state == CALL_BAD_INPUT)
		log_event(LOG_LEVEL_ERROR, "%s: SQLSTATE %s: %s",
		    call->route->function, call->sqlstate,
		    call->message != NULL ? call->message : "");
	return call_error(call);
}

enum err
reply_call(struct request *r, const struct call *call)
{
	enum err err = reply_outcome(call);

	if (err == ERR_NONE)
		return reply_answer(r, call);
	if (call->state == CALL_REFUSED)
		reply_problem(r, err, call->detail, call->extras);
	else
		reply_problem(r, err, NULL, NULL);
	return err;
}
