#include "http_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/address.h"

enum { CONNECT_MS_MAX = 5000 };

/* An exchange on its way. */
struct run {
	const struct http_exchange *x;
	CURL *curl;
	bool head_seen;
	bool refused; /* a private address */
};

static bool
is_allowed(const struct http_exchange *x, const struct sockaddr *address)
{
	if (!address_is_private(address))
		return true;
	for (size_t i = 0; x->private_allowed[i] != NULL; i++)
		if (address_is(address, x->private_allowed[i]))
			return true;
	return false;
}

/* The place to judge an address: the name is resolved, nothing is sent. */
static curl_socket_t
open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct run *run = context;

	(void)purpose;
	if (!is_allowed(run->x, &address->addr)) {
		run->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

/* Its length is then what is sent, not what on_data will see. */
static bool
is_encoded(const struct run *run)
{
	struct curl_header *header;

	return curl_easy_header(run->curl, "Content-Encoding", 0, CURLH_HEADER,
		   -1, &header) == CURLHE_OK;
}

static bool
tell_head(struct run *run)
{
	struct http_head head = { .content_type = "" };
	char *type = NULL;
	curl_off_t length = -1;
	long status = 0;

	run->head_seen = true;
	curl_easy_getinfo(run->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(run->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(run->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
	    &length);
	head.status = (int)status;
	head.length = is_encoded(run) ? -1 : length;
	if (type != NULL)
		head.content_type = type;
	return run->x->on_head(run->x->context, &head);
}

static size_t
take_data(char *data, size_t size, size_t count, void *context)
{
	struct run *run = context;
	size_t len = size * count;

	if (!run->head_seen && !tell_head(run))
		return 0;
	return run->x->on_data(run->x->context, data, len) ? len : 0;
}

static struct curl_slist *
header_list(const char *const *headers)
{
	struct curl_slist *list = NULL;

	/* "Name:" takes away what libcurl would send by itself. */
	list = curl_slist_append(list, "Expect:");
	for (; list != NULL && *headers != NULL; headers++)
		list = curl_slist_append(list, *headers);
	if (list == NULL)
		abort();
	return list;
}

static void
set_options(struct run *run, struct curl_slist *headers, char *error)
{
	const struct http_exchange *x = run->x;
	CURL *c = run->curl;

	curl_easy_setopt(c, CURLOPT_URL, x->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, x->timeout_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
	    x->timeout_ms < CONNECT_MS_MAX ? x->timeout_ms
					   : (long)CONNECT_MS_MAX);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "florin/" PACKAGE_VERSION);
	/* Not asked for; what comes encoded all the same is decoded. */
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "identity");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, x->body);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)x->body_len);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, run);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_data);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, run);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
}

bool
http_run(const struct http_exchange *x, char error[HTTP_ERROR_BYTES])
{
	char words[CURL_ERROR_SIZE] = "";
	struct run run = { .x = x, .curl = curl_easy_init() };
	struct curl_slist *headers = header_list(x->headers);
	CURLcode code;

	if (run.curl == NULL)
		abort();
	set_options(&run, headers, words);
	code = curl_easy_perform(run.curl);
	if (code == CURLE_OK && !run.head_seen && !tell_head(&run))
		code = CURLE_WRITE_ERROR;
	if (code != CURLE_OK)
		snprintf(error, HTTP_ERROR_BYTES, "%s",
		    run.refused         ? "a private address is not allowed"
			: words[0] != 0 ? words
					: curl_easy_strerror(code));
	curl_slist_free_all(headers);
	curl_easy_cleanup(run.curl);
	return code == CURLE_OK;
}
