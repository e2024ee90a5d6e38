#include "dispatch.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "ratelimit.h"
#include "reply.h"
#include "request.h"
#include "util/text.h"
#include "util/utime.h"

static const struct dispatch *current;

const struct dispatch *
dispatch_current(void)
{
	return current;
}

static enum err
fail(struct request *r, enum err err, const char *detail)
{
	reply_problem(r, err, detail, NULL);
	return err;
}

/* 400 with the errors collected so far; its detail is the first one's. */
static enum err
fail_fields(struct request *r, const char *detail)
{
	const char *extras = arena_printf(&r->arena, "{\"errors\":%s]}",
	    r->errors.json.data);

	reply_problem(r, ERR_INVALID_REQUEST, detail, extras);
	return ERR_INVALID_REQUEST;
}

static enum err
fail_field(struct request *r, const char *field, const char *code,
    const char *detail)
{
	input_error(&r->errors, field, code, detail);
	return fail_fields(r, arena_printf(&r->arena, "%s: %s", field, detail));
}

/* ---- size and path ---- */

static bool
is_dots(const char *segment, size_t len)
{
	char plain[8];
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (n == sizeof(plain) - 1)
			return false;
		if (len - i >= 3 && strncasecmp(segment + i, "%2e", 3) == 0) {
			plain[n++] = '.';
			i += 2;
		} else {
			plain[n++] = segment[i];
		}
	}
	plain[n] = '\0';
	return strcmp(plain, "..") == 0 || strcmp(plain, ".") == 0;
}

/* The raw path, as the client wrote it: nothing in it may mean something
 * else to the web server than to us. */
static bool
is_plain_path(const char *uri)
{
	size_t len = strcspn(uri, "?#");

	for (size_t i = 0; i + 2 < len; i++)
		if (strncasecmp(uri + i, "%00", 3) == 0 ||
		    strncasecmp(uri + i, "%2f", 3) == 0)
			return false;
	for (size_t i = 0; i < len;) {
		size_t segment;

		if (uri[i] != '/')
			return false;
		i++;
		segment = strcspn(uri + i, "/?#");
		if (i + segment < len && segment == 0)
			return false; /* "//" */
		if (is_dots(uri + i, segment))
			return false;
		i += segment;
	}
	return true;
}

static enum err
check_size_and_path(struct request *r)
{
	const struct params *p = &r->params;
	const char *uri = p->request_uri;
	const char *path = p->path_info;

	if (r->body_len > BODY_BYTES_MAX)
		return fail(r, ERR_BODY_TOO_LARGE,
		    "a body may have at most 256 KiB");
	if (p->doubled)
		return fail(r, ERR_INVALID_REQUEST,
		    "a header was sent more than once");
	if (uri != NULL && strncasecmp(uri, "http", 4) == 0 &&
	    (uri = strstr(uri, "://")) != NULL)
		uri = strchr(uri + 3, '/'); /* absolute form */
	if (uri != NULL && !is_plain_path(uri))
		return fail(r, ERR_INVALID_REQUEST,
		    "the path must not have %00, %2f, . , .. or //");
	if (path != NULL && path[0] != '\0') {
		r->path = arena_copy(&r->arena, path, strlen(path));
	} else if (uri != NULL) {
		r->path = arena_copy(&r->arena, uri, strcspn(uri, "?#"));
		if (text_percent_decode(r->path, strlen(r->path), false) < 0)
			return fail(r, ERR_INVALID_REQUEST,
			    "the path is not well encoded");
	} else {
		r->path = arena_copy(&r->arena, "", 0);
	}
	return ERR_NONE;
}

/* ---- CORS ---- */

static bool
is_allowed_origin(const struct config *config, const char *origin)
{
	for (size_t i = 0; config->cors_origins[i] != NULL; i++)
		if (strcmp(config->cors_origins[i], origin) == 0)
			return true;
	return false;
}

/* Headers for an allowed origin, on every answer, errors too. */
static void
add_cors(const struct dispatch *d, struct request *r)
{
	if (d->config->cors_origins[0] == NULL)
		return;
	reply_header(r, "Vary", "Origin");
	if (r->params.origin == NULL ||
	    !is_allowed_origin(d->config, r->params.origin))
		return;
	reply_header(r, "Access-Control-Allow-Origin", r->params.origin);
	reply_header(r, "Access-Control-Expose-Headers",
	    "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, "
	    "X-Request-Id, Idempotent-Replayed, X-Credits-Balance");
}

static bool
answer_preflight(const struct dispatch *d, struct request *r,
    const struct route_match *m)
{
	if (strcmp(r->params.method, "OPTIONS") != 0 ||
	    r->params.origin == NULL || r->params.preflight_method == NULL ||
	    m->err == ERR_NOT_FOUND ||
	    !is_allowed_origin(d->config, r->params.origin))
		return false;
	reply_json(r, 204, NULL);
	reply_header(r, "Access-Control-Allow-Methods", m->allow);
	reply_header(r, "Access-Control-Allow-Headers",
	    "Authorization, Content-Type, Idempotency-Key, If-None-Match, "
	    "Accept-Language, X-Request-Id");
	reply_header(r, "Access-Control-Max-Age", "7200");
	return true;
}

/* ---- who ---- */

static bool
is_loopback(const char *address)
{
	struct in6_addr six;
	struct in_addr four;

	if (address[0] == '\0' || strncmp(address, "unix:", 5) == 0)
		return true;
	if (inet_pton(AF_INET, address, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, address, &six) == 1 &&
	    IN6_IS_ADDR_LOOPBACK(&six);
}

static enum err
fail_token(struct request *r, enum auth_fault fault)
{
	const char *text = auth_fault_text(fault);

	r->auth_fault = text;
	if (fault == AUTH_MISSING)
		reply_header(r, "WWW-Authenticate", "Bearer realm=\"florin\"");
	else
		buf_printf(&r->reply.headers,
		    "WWW-Authenticate: Bearer realm=\"florin\", "
		    "error=\"invalid_token\", error_description=\"%s\"\r\n",
		    text);
	return fail(r, ERR_UNAUTHORIZED, text);
}

/* Count the request of a user or an admin; services are the site itself. */
static enum err
check_rate(const struct dispatch *d, struct request *r)
{
	bool admin = r->who.role == ROLE_ADMIN;
	int quota = admin ? d->config->rate_limit_admin
			  : d->config->rate_limit_user;
	int window_ms = d->config->rate_limit_window_ms;
	const char *caller = admin ? r->caller : r->who.subject;
	struct ratelimit_answer a;

	if (quota == 0 || r->who.role == ROLE_SERVICE)
		return ERR_NONE;
	a = ratelimit_take(d->limits, caller, quota, (int64_t)window_ms * 1000,
	    r->began_us);
	buf_printf(&r->reply.headers,
	    "RateLimit-Policy: \"%s\";q=%d;w=%d\r\n"
	    "RateLimit: \"%s\";r=%lld;t=%lld\r\n",
	    admin ? "admin" : "user", quota, window_ms / 1000,
	    admin ? "admin" : "user", (long long)a.remaining,
	    (long long)a.reset_s);
	if (a.allowed)
		return ERR_NONE;
	buf_printf(&r->reply.headers, "Retry-After: %lld\r\n",
	    (long long)a.retry_s);
	return fail(r, ERR_RATE_LIMITED, NULL);
}

static enum err
check_who(const struct dispatch *d, struct request *r)
{
	static const unsigned bits[] = { [ROLE_USER] = WHO_USER,
		[ROLE_SERVICE] = WHO_SERVICE,
		[ROLE_ADMIN] = WHO_ADMIN };
	unsigned allowed = r->route->who;
	enum auth_fault fault;

	if (allowed & WHO_LOCAL)
		return is_loopback(r->params.remote_addr)
		    ? ERR_NONE
		    : fail(r, ERR_FORBIDDEN, "only from this host");
	if (allowed & WHO_ANYONE)
		return ERR_NONE;
	fault = auth_check(d->auth, r->params.authorization,
	    time_unix_us() / 1000000, &r->who);
	if (fault != AUTH_OK)
		return fail_token(r, fault);
	auth_caller(r->caller, &r->who);
	if (check_rate(d, r) != ERR_NONE)
		return r->reply.err;
	if (!(bits[r->who.role] & allowed))
		return fail(r, ERR_FORBIDDEN, NULL);
	return ERR_NONE;
}

/* ---- fields ---- */

static bool
takes_body(const struct request *r)
{
	return strcmp(r->route->method, "GET") != 0 &&
	    strcmp(r->route->method, "DELETE") != 0;
}

static enum err
check_media_type(struct request *r)
{
	const char *type = r->params.content_type;
	const char *coding = r->params.content_encoding;
	static const char json[] = "application/json";
	const char *rest;

	if (coding != NULL && coding[0] != '\0' &&
	    strcasecmp(coding, "identity") != 0)
		return fail(r, ERR_UNSUPPORTED_MEDIA_TYPE,
		    "Content-Encoding is not taken");
	if (!takes_body(r) || r->body_len == 0 || (r->route->flags & ROUTE_RAW))
		return ERR_NONE;
	if (type == NULL || strncasecmp(type, json, sizeof(json) - 1) != 0)
		return fail(r, ERR_UNSUPPORTED_MEDIA_TYPE, NULL);
	rest = type + sizeof(json) - 1;
	rest += strspn(rest, " \t");
	if (rest[0] == '\0')
		return ERR_NONE;
	if (rest[0] == ';') {
		rest += 1 + strspn(rest + 1, " \t");
		if (strcasecmp(rest, "charset=utf-8") == 0 ||
		    strcasecmp(rest, "charset=\"utf-8\"") == 0)
			return ERR_NONE;
	}
	return fail(r, ERR_UNSUPPORTED_MEDIA_TYPE, NULL);
}

static const struct field user_id_body = { "user_id", FIELD_USER_ID, IN_BODY,
	false, 1, 128, 0 };
static const struct field user_id_query = { "user_id", FIELD_USER_ID, IN_QUERY,
	false, 1, 128, 0 };

/* Path parameters into their fields; {user_id} names whose. */
static void
read_path(struct request *r, const struct route_match *m, const char **named)
{
	for (size_t i = 0; i < m->params_count; i++) {
		const char *name = m->params[i].name;
		size_t len = m->params[i].name_len;
		/* Terminated: one inside the path goes on after it. */
		const char *value = arena_copy(&r->arena, m->params[i].value,
		    m->params[i].len);

		if (len == 7 && memcmp(name, "user_id", len) == 0) {
			*named = input_text(&r->arena, &user_id_query, value,
			    m->params[i].len, &r->errors);
			continue;
		}
		for (size_t k = 0; r->route->fields[k].name != NULL; k++) {
			const struct field *f = &r->route->fields[k];

			if (f->in != IN_PATH || strlen(f->name) != len ||
			    memcmp(f->name, name, len) != 0)
				continue;
			r->values[k] = input_text(&r->arena, f, value,
			    m->params[i].len, &r->errors);
		}
	}
}

static bool
has_path_user(const struct route *route)
{
	return strstr(route->path, "{user_id}") != NULL;
}

static void
read_fields(struct request *r, const char **named)
{
	const struct field *extra = NULL;
	struct query query = { 0 };

	if ((r->route->flags & ROUTE_SCOPED) && !has_path_user(r->route))
		extra = takes_body(r) ? &user_id_body : &user_id_query;
	if (!query_parse(&query, &r->arena, r->params.query, &r->errors))
		return;
	if (takes_body(r) && !(r->route->flags & ROUTE_RAW) &&
	    !body_parse(&r->json, r->body, r->body_len, &r->errors))
		return;
	input_fields(&r->arena, r->route->fields, extra, r->json, &query,
	    r->values, named, &r->errors);
}

static enum err
check_key(struct request *r)
{
	const char *header = r->params.idempotency_key;

	if (!(r->route->flags & ROUTE_KEYED))
		return ERR_NONE;
	if (header == NULL)
		return r->route->flags & ROUTE_KEY_REQUIRED
		    ? fail(r, ERR_KEY_MISSING, NULL)
		    : ERR_NONE;
	r->key = input_key(&r->arena, header);
	if (r->key == NULL)
		return fail_field(r, "Idempotency-Key", "format",
		    "must be 1..255 visible ASCII characters");
	return ERR_NONE;
}

/* Whose wallet: a user's own; service and admin must name it. */
static enum err
check_whose(struct request *r, const char *named)
{
	if (!(r->route->flags & ROUTE_SCOPED))
		return ERR_NONE;
	if (r->who.role == ROLE_USER) {
		if (named != NULL && strcmp(named, r->who.subject) != 0)
			return fail(r, ERR_FORBIDDEN,
			    "a user reaches only itself");
		r->user_id = r->who.subject;
		return ERR_NONE;
	}
	r->user_id = named;
	return ERR_NONE;
}

static enum err
check_fields(struct request *r, const struct route_match *m)
{
	const char *named = NULL;

	if (check_media_type(r) != ERR_NONE)
		return r->reply.err;
	if (check_key(r) != ERR_NONE)
		return r->reply.err;
	read_path(r, m, &named);
	read_fields(r, &named);
	if ((r->route->flags & ROUTE_SCOPED) && r->who.role != ROLE_USER &&
	    named == NULL && r->errors.count == 0)
		input_error(&r->errors, "user_id", "required",
		    "service and admin name the user");
	if (r->errors.count > 0)
		return fail_fields(r,
		    arena_copy(&r->arena, r->errors.first,
			strlen(r->errors.first)));
	return check_whose(r, named);
}

/* ---- calls ---- */

/* The number of a row's fields. */
static size_t
field_count(const struct route *route)
{
	size_t n = 0;

	while (route->fields[n].name != NULL)
		n++;
	return n;
}

/* What makes two requests with a key the same, NULL without a key. */
static const char *
hash_of(struct request *r, const struct route *route, const char *key,
    const char *const *values)
{
	char *hash;

	if (key == NULL)
		return NULL;
	hash = arena_alloc(&r->arena, INPUT_HASH_SIZE);
	input_hash(hash, route->function, values, field_count(route));
	return hash;
}

void
dispatch_fill(struct request *r, struct call *call, const struct route *route,
    const char *user_id, const char *key, const char *const *values)
{
	unsigned flags = route->flags;
	size_t fields = field_count(route), n = 0;

	call->route = route;
	call->rerun = key != NULL || (flags & ROUTE_RERUN) ||
	    strcmp(route->method, "GET") == 0;
	call->values[n++] = r->caller;
	if (flags & ROUTE_SCOPED)
		call->values[n++] = user_id;
	if (flags & ROUTE_KEYED) {
		call->values[n++] = key;
		call->values[n++] = hash_of(r, route, key, values);
	}
	if (flags & ROUTE_AUDITED) {
		call->values[n++] = r->params.remote_addr;
		call->values[n++] = r->params.user_agent;
	}
	if (flags & ROUTE_CACHED)
		call->values[n++] = r->known_revision;
	for (size_t i = 0; i < fields; i++)
		call->values[n++] = values[i];
}

void
dispatch_values(struct request *r, struct call *call)
{
	dispatch_fill(r, call, r->route, r->user_id, r->key, r->values);
}

static enum err
start_call(struct request *r)
{
	long long known = -1;

	if (r->route->flags & ROUTE_CACHED)
		known = reply_known_revision(r->params.if_none_match,
		    r->user_id);
	if (known >= 0)
		r->known_revision = arena_printf(&r->arena, "%lld", known);
	dispatch_values(r, request_calls(r, 1));
	return ERR_NONE;
}

static enum err
finish_call(struct request *r)
{
	return reply_call(r, &r->calls[0]);
}

const struct handler handle_call = { start_call, finish_call };

static enum err
find_route(const struct dispatch *d, struct request *r, struct route_match *m)
{
	route_find(r->params.method, r->path, m);
	if (answer_preflight(d, r, m))
		return ERR_NONE;
	if (m->err == ERR_METHOD_NOT_ALLOWED)
		reply_header(r, "Allow", m->allow);
	if (m->err != ERR_NONE)
		return fail(r, m->err, NULL);
	r->route = m->route;
	return ERR_NONE;
}

void
dispatch_start(const struct dispatch *d, struct request *r)
{
	struct route_match m;

	current = d;
	add_cors(d, r);
	if (check_size_and_path(r) != ERR_NONE)
		return;
	if (find_route(d, r, &m) != ERR_NONE || r->route == NULL)
		return;
	if (check_who(d, r) != ERR_NONE)
		return;
	if (check_fields(r, &m) != ERR_NONE)
		return;
	r->route->handler->start(r);
}

void
dispatch_finish(struct request *r)
{
	if (r->reply.status == 0)
		r->route->handler->finish(r);
}

/* ---- the trace of a refused admin ---- */

const struct route internal_routes[] = {
	{ "POST", "record_refusal", 0,
	    ROUTE_SCOPED | ROUTE_AUDITED | ROUTE_INTERNAL, NULL,
	    "florin_api.record_refusal", NULL, NULL,
	    { { "operation", FIELD_NAME, IN_BODY, true, 1, 64, 0 },
		{ "arguments", FIELD_OBJECT, IN_BODY, false, 0, 0, 0 },
		{ "reason", FIELD_TEXT, IN_BODY, false, 1, 500, 0 },
		{ "code", FIELD_NAME, IN_BODY, true, 1, 64, 0 } } },
	{ 0 },
};

bool
dispatch_audit(struct request *r)
{
	size_t n = 0;
	const char *dot;

	if (r->reply.err == ERR_NONE || r->route == NULL ||
	    !(r->route->flags & ROUTE_AUDITED) || r->who.role != ROLE_ADMIN ||
	    error_row(r->reply.err)->status >= 500)
		return false;
	dot = strchr(r->route->function, '.');
	r->audit.route = &internal_routes[0];
	r->audit.values[n++] = r->caller;
	r->audit.values[n++] = r->user_id;
	r->audit.values[n++] = r->params.remote_addr;
	r->audit.values[n++] = r->params.user_agent;
	r->audit.values[n++] = dot + 1;
	r->audit.values[n++] = r->json != NULL ? r->body : NULL;
	r->audit.values[n++] = request_value(r, "reason");
	r->audit.values[n++] = error_row(r->reply.err)->code;
	return true;
}
