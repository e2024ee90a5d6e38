#include "request.h"

#include <errno.h>
#include <fcgiapp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "util/hex.h"
#include "util/text.h"
#include "util/utime.h"

enum {
	PEEK_BYTES = 16 * 1024, /* Apache sends on at 1/4 of a full socket */
	IO_TIMEOUT_MS = 2000,   /* one read or write of a whole request */
	DRAIN_BYTES_MAX = 4 * 1024 * 1024,
	FCGI_HEADER_BYTES = 8,
	FCGI_STDIN_RECORD = 5
};

void
request_init(void)
{
	/* The library would wait up to 2 s for each peer to hang up. */
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "50", 1);
	FCGX_Init();
}

/* Walk the FastCGI records: is the empty STDIN record that ends a request
 * there? */
static bool
has_end(const unsigned char *data, size_t len)
{
	size_t at = 0;

	while (at + FCGI_HEADER_BYTES <= len) {
		size_t content = (size_t)data[at + 4] << 8 | data[at + 5];

		if (data[at + 1] == FCGI_STDIN_RECORD && content == 0)
			return true;
		at += FCGI_HEADER_BYTES + content + data[at + 6];
	}
	return false;
}

bool
request_is_whole(int fd, bool *gone)
{
	static unsigned char peeked[PEEK_BYTES];
	ssize_t n = recv(fd, peeked, sizeof(peeked), MSG_PEEK | MSG_DONTWAIT);

	*gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	if (n <= 0)
		return false;
	return n == (ssize_t)sizeof(peeked) || has_end(peeked, (size_t)n);
}

static void
set_timeouts(int fd, int milliseconds)
{
	struct timeval limit = { milliseconds / 1000,
		milliseconds % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* Which parameter goes where. */
static const struct {
	const char *name;
	size_t offset;
} param_rows[] = {
#define PARAM(name, member)                               \
	{                                                 \
		name "=", offsetof(struct params, member) \
	}
	PARAM("REQUEST_METHOD", method),
	PARAM("PATH_INFO", path_info),
	PARAM("REQUEST_URI", request_uri),
	PARAM("QUERY_STRING", query),
	PARAM("CONTENT_TYPE", content_type),
	PARAM("CONTENT_LENGTH", content_length),
	PARAM("REMOTE_ADDR", remote_addr),
	PARAM("REQUEST_ID", web_server_id),
	PARAM("HTTP_AUTHORIZATION", authorization),
	PARAM("HTTP_IDEMPOTENCY_KEY", idempotency_key),
	PARAM("HTTP_IF_NONE_MATCH", if_none_match),
	PARAM("HTTP_ORIGIN", origin),
	PARAM("HTTP_ACCEPT_LANGUAGE", accept_language),
	PARAM("HTTP_ACCEPT", accept),
	PARAM("HTTP_USER_AGENT", user_agent),
	PARAM("HTTP_X_REQUEST_ID", request_id),
	PARAM("HTTP_CONTENT_ENCODING", content_encoding),
	PARAM("HTTP_TRANSFER_ENCODING", transfer_encoding),
	PARAM("HTTP_ACCESS_CONTROL_REQUEST_METHOD", preflight_method),
	PARAM("HTTP_STRIPE_SIGNATURE", stripe_signature),
	PARAM("HTTP_WECHATPAY_SIGNATURE", wechat_signature),
	PARAM("HTTP_WECHATPAY_TIMESTAMP", wechat_timestamp),
	PARAM("HTTP_WECHATPAY_NONCE", wechat_nonce),
	PARAM("HTTP_WECHATPAY_SERIAL", wechat_serial),
#undef PARAM
};

static void
take_param(struct params *p, const char *text)
{
	for (size_t i = 0; i < sizeof(param_rows) / sizeof(param_rows[0]);
	     i++) {
		size_t len = strlen(param_rows[i].name);
		const char **member;

		if (strncmp(text, param_rows[i].name, len) != 0)
			continue;
		member = (const char **)((char *)p + param_rows[i].offset);
		if (*member != NULL)
			p->doubled = true;
		*member = text + len;
		return;
	}
}

static void
take_params(struct params *p, char *const *envp)
{
	for (; *envp != NULL; envp++)
		take_param(p, *envp);
	if (p->method == NULL)
		p->method = "";
	if (p->remote_addr == NULL)
		p->remote_addr = "";
	if (p->query == NULL)
		p->query = "";
}

/* The operation log keeps the client's name for itself: a byte of another
 * character set is no reason to refuse the operation. */
static void
mend_user_agent(struct request *r)
{
	const char *sent = r->params.user_agent;
	char *kept;

	if (sent == NULL)
		return;
	kept = arena_copy(&r->arena, sent, strlen(sent));
	text_mend(kept, strlen(kept));
	r->params.user_agent = kept;
}

static bool
is_request_id(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	return len > 0 && len <= 64 &&
	    strspn(text,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_.-") == len;
}

/* The client's own id if it is a decent one, else the web server's, else a
 * new one. */
static void
choose_id(struct request *r)
{
	uint8_t bytes[16];

	if (is_request_id(r->params.request_id)) {
		snprintf(r->id, sizeof(r->id), "%s", r->params.request_id);
	} else if (is_request_id(r->params.web_server_id)) {
		snprintf(r->id, sizeof(r->id), "%s", r->params.web_server_id);
	} else {
		if (getentropy(bytes, sizeof(bytes)) != 0)
			abort();
		hex_encode(r->id, bytes, sizeof(bytes));
	}
}

/* Read exactly CONTENT_LENGTH; a body over the limit is read away, so that
 * the web server gets our answer and no reset.  False: broken off. */
static bool
read_body(struct request *r)
{
	const char *text = r->params.content_length;
	char *end = NULL;
	unsigned long length = 0;
	char waste[4096];

	if (text != NULL && text[0] != '\0') {
		length = strtoul(text, &end, 10);
		if (*end != '\0' || text[0] < '0' || text[0] > '9')
			return false;
	}
	r->body_len = length;
	if (length > BODY_BYTES_MAX) {
		unsigned long left = length < DRAIN_BYTES_MAX ? length
							      : DRAIN_BYTES_MAX;

		while (left > 0) {
			int n = FCGX_GetStr(waste, sizeof(waste), r->fcgi->in);

			if (n <= 0)
				break;
			left -= (unsigned long)n < left ? (unsigned long)n
							: left;
		}
		return true;
	}
	r->body = arena_alloc(&r->arena, length + 1);
	/* The end mark, too: a peer that is still sending when we have
	 * answered and closed would lose the answer. */
	return FCGX_GetStr(r->body, (int)length, r->fcgi->in) == (int)length &&
	    FCGX_GetChar(r->fcgi->in) < 0;
}

static void
hang_up(struct request *r)
{
	if (r->fcgi->ipcFd >= 0)
		close(r->fcgi->ipcFd);
	r->fcgi->ipcFd = -1;
}

bool
request_read(struct request *r, int fd)
{
	if (r->fcgi == NULL) {
		r->fcgi = calloc(1, sizeof(*r->fcgi));
		if (r->fcgi == NULL)
			abort();
	}
	r->began_us = time_monotonic_us();
	set_timeouts(fd, IO_TIMEOUT_MS);
	FCGX_InitRequest(r->fcgi, -1, 0);
	r->fcgi->ipcFd = fd;
	r->fcgi->keepConnection = 1; /* "a connection is open": no accept */
	if (FCGX_Accept_r(r->fcgi) < 0) {
		hang_up(r);
		return false;
	}
	take_params(&r->params, r->fcgi->envp);
	/* Named by the log, when the library's memory is gone. */
	r->params.method = arena_copy(&r->arena, r->params.method,
	    strlen(r->params.method));
	mend_user_agent(r);
	choose_id(r);
	if (!read_body(r)) {
		r->fcgi->keepConnection = 0;
		FCGX_Finish_r(r->fcgi);
		request_end(r);
		return false;
	}
	return true;
}

static void
compose_head(const struct request *r, struct buf *out)
{
	const struct reply *reply = &r->reply;

	buf_printf(out, "Status: %d\r\nX-Request-Id: %s\r\n", reply->status,
	    r->id);
	buf_adds(out,
	    reply->err == ERR_NONE ? "Cache-Control: private, no-cache\r\n"
				   : "Cache-Control: no-store\r\n");
	if (reply->content_type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", reply->content_type);
	buf_add(out, reply->headers.data, reply->headers.len);
}

static void
compose(const struct request *r, struct buf *out)
{
	const struct reply *reply = &r->reply;

	compose_head(r, out);
	if (reply->status != 304 && reply->status != 204)
		buf_printf(out, "Content-Length: %zu\r\n", reply->body_len);
	buf_adds(out, "\r\n");
	if (strcmp(r->params.method, "HEAD") != 0)
		buf_add(out, reply->body, reply->body_len);
}

bool
request_stream(struct request *r, const char *data, size_t len)
{
	return FCGX_PutStr(data, (int)len, r->fcgi->out) == (int)len &&
	    FCGX_FFlush(r->fcgi->out) == 0;
}

bool
request_stream_head(struct request *r, int status, const char *content_type,
    int wait_ms)
{
	struct buf out = { 0 };
	bool there;

	set_timeouts(r->fcgi->ipcFd, wait_ms);
	r->reply.streamed = true;
	r->reply.status = status;
	r->reply.content_type = content_type;
	compose_head(r, &out);
	/* nginx would wait for a full buffer. */
	buf_adds(&out, "X-Accel-Buffering: no\r\n\r\n");
	there = request_stream(r, out.data, out.len);
	buf_free(&out);
	r->reply.status = 0; /* it is not over */
	return there;
}

/* The web server must break off, too.  nginx takes a mere end of a stream for
 * its regular end, so that it gets what is no FastCGI record. */
static void
break_off(int fd)
{
	static const char no_record[FCGI_HEADER_BYTES] = "\377broken";

	send(fd, no_record, sizeof(no_record), MSG_NOSIGNAL);
	shutdown(fd, SHUT_RDWR);
}

void
request_send(struct request *r)
{
	struct buf out = { 0 };

	if (!r->reply.streamed) {
		compose(r, &out);
		FCGX_PutStr(out.data, (int)out.len, r->fcgi->out);
		buf_free(&out);
	} else if (r->reply.broken) {
		break_off(r->fcgi->ipcFd);
	}
	/* All input was read, so a plain close loses nothing; the library's
	 * own close would poll for the peer first. */
	r->fcgi->keepConnection = 1;
	FCGX_Finish_r(r->fcgi);
	hang_up(r);
}

void
request_end(struct request *r)
{
	struct FCGX_Request *fcgi = r->fcgi;
	struct arena arena = r->arena;

	for (size_t i = 0; i < r->calls_count; i++)
		db_call_end(&r->calls[i]);
	db_call_end(&r->audit);
	body_free(r->json);
	buf_free(&r->errors.json);
	buf_free(&r->reply.headers);
	memset(r, 0, sizeof(*r));
	arena_reset(&arena);
	r->arena = arena;
	r->fcgi = fcgi;
}

const char *
request_value(const struct request *r, const char *name)
{
	for (size_t i = 0; r->route->fields[i].name != NULL; i++)
		if (strcmp(r->route->fields[i].name, name) == 0)
			return r->values[i];
	return NULL;
}

struct call *
request_calls(struct request *r, size_t n)
{
	r->calls = arena_alloc(&r->arena, n * sizeof(*r->calls));
	r->calls_count = n;
	return r->calls;
}
