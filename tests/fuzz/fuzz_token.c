/*
 * The guard before libjwt.  An input that begins with '{' is a token's header
 * and, behind a line feed, its payload: they get a good signature, so that
 * the claims are reached.  Any other is the value of an Authorization header.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "auth.h"
#include "json_scan.h"
#include "util/buf.h"
#include "util/hex.h"
#include "util/text.h"

enum { NOW = 1769817600 };

static const char secret[] = "a secret of the fuzzer, 32 bytes!";

static struct auth *
make_auth(void)
{
	static struct config config = {
		.issuers = { { .name = "fuzz",
		    .iss = "https://a",
		    .audience = "me",
		    .algorithms = { "HS256" },
		    .role_claim = "role",
		    .role_map = { "boss=admin", "site=service" },
		    .may_mint = { "user", "service" } } },
		.issuers_count = 1
	};
	static char path[64];
	int fd = memfd_create("secret", 0);
	const char *error;
	struct auth *auth;

	MUST(write(fd, secret, sizeof(secret) - 1) == sizeof(secret) - 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	config.issuers[0].secret_file = path;
	auth = auth_new(&config, &error);
	MUST(auth != NULL);
	close(fd);
	return auth;
}

static void
add_part(struct buf *b, const char *data, size_t len)
{
	char *text = malloc(4 * ((len + 2) / 3) + 1);

	base64url_encode(text, (const uint8_t *)data, len);
	buf_adds(b, text);
	free(text);
}

static void
sign(struct buf *b, const char *text, size_t size)
{
	const char *line = memchr(text, '\n', size);
	size_t header = line == NULL ? size : (size_t)(line - text);
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len;

	buf_adds(b, "Bearer ");
	add_part(b, text, header);
	buf_adds(b, ".");
	if (line != NULL)
		add_part(b, line + 1, size - header - 1);
	HMAC(EVP_sha256(), secret, sizeof(secret) - 1,
	    (const uint8_t *)b->data + 7, b->len - 7, mac, &len);
	buf_adds(b, ".");
	add_part(b, (const char *)mac, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct auth *auth;
	char *text = text_of(data, size);
	struct buf header = { 0 };
	struct identity who, again;
	enum auth_fault fault;

	if (auth == NULL)
		auth = make_auth();
	if (*text == '{')
		sign(&header, text, size);
	else
		buf_adds(&header, text);
	fault = auth_check(auth, header.data, NOW, &who);
	if (fault == AUTH_OK) {
		MUST(*text == '{'); /* nobody guesses a signature */
		MUST(text_is_user_id(who.subject, strlen(who.subject)));
		MUST(who.role == ROLE_USER || who.role == ROLE_SERVICE);
		MUST(who.expires_at > NOW - AUTH_LEEWAY_S);
		MUST(auth_check(auth, header.data, NOW, &again) == AUTH_OK);
		MUST(memcmp(&who, &again, sizeof(who)) == 0);
	} else {
		MUST(who.role == ROLE_NONE && who.subject[0] == '\0');
	}
	buf_free(&header);
	free(text);
	return 0;
}
