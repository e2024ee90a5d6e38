#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/hmac.h>

#include "unit.h"
#include "util/buf.h"
#include "util/hex.h"

const char *
token_of(const EVP_MD *md, const char *key, const char *header,
    const char *payload)
{
	static struct buf ring[8];
	static unsigned at;
	struct buf *b = &ring[at++ % 8];
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned mac_len;
	char *text = malloc(4 * (strlen(header) + strlen(payload)) + 200);

	buf_reset(b);
	buf_adds(b, "Bearer ");
	base64url_encode(text, (const uint8_t *)header, strlen(header));
	buf_printf(b, "%s.", text);
	base64url_encode(text, (const uint8_t *)payload, strlen(payload));
	buf_adds(b, text);
	HMAC(md, key, (int)strlen(key), (uint8_t *)b->data + 7, b->len - 7, mac,
	    &mac_len);
	base64url_encode(text, mac, mac_len);
	buf_printf(b, ".%s", text);
	free(text);
	return b->data;
}

const char *
token(const char *payload)
{
	return token_of(EVP_sha256(), KEY, HEADER, payload);
}

static const char *
secret(const char *name, const char *text)
{
	return strdup(unit_file(name, text, strlen(text)));
}

struct issuer_config
token_issuer(const char *name, const char *key)
{
	return (struct issuer_config){ .name = name,
		.iss = "",
		.audience = "",
		.algorithms = { "HS256" },
		.secret_file = secret(name, key),
		.role_claim = "role",
		.may_mint = { "user", "service", "admin" } };
}

void
token_forget(struct config *config)
{
	for (size_t i = 0; i < config->issuers_count; i++)
		free((char *)config->issuers[i].secret_file);
}

enum auth_fault
token_check_with(struct config *config, const char *header,
    struct identity *who)
{
	const char *error;
	struct auth *auth = auth_new(config, &error);
	enum auth_fault fault;

	if (auth == NULL) {
		fprintf(stderr, "auth_new: %s\n", error);
		abort();
	}
	fault = auth_check(auth, header, NOW, who);
	auth_free(auth);
	return fault;
}

enum auth_fault
token_check(const char *header)
{
	struct config config = { .issuers = { token_issuer("site", KEY) },
		.issuers_count = 1 };
	struct identity who;
	enum auth_fault fault = token_check_with(&config, header, &who);

	CHECK(fault == AUTH_OK || who.role == ROLE_NONE,
	    "a refused token names nobody");
	token_forget(&config);
	return fault;
}
