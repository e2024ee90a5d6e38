#include "auth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "auth_token.h"
#include "json_scan.h"
#include "secret.h"
#include "util/buf.h"
#include "util/hex.h"
#include "util/sha256.h"
#include "util/text.h"

enum {
	CACHE_ENTRIES = 4096, /* a power of 2 */
	SECRET_BYTES_MAX = 4096
};

struct issuer {
	const struct issuer_config *config;
	unsigned char secret[SECRET_BYTES_MAX + 2];
	size_t secret_len;
	struct jwk_set *keys; /* NULL: the issuer has a secret only */
};

/* A verified token.  Direct-mapped: two tokens of one place push each other
 * out, which costs time and nothing else. */
struct cached {
	uint8_t digest[SHA256_BYTES];
	int64_t from, until; /* unix seconds, until is past; 0: empty */
	struct identity who;
};

struct auth {
	struct issuer issuers[ISSUERS_MAX];
	size_t issuers_count;
	unsigned long long cache_hits;
	struct token token; /* the one that is being checked */
	struct cached cache[CACHE_ENTRIES];
};

static bool
is_set(const char *setting)
{
	return setting != NULL && *setting != '\0';
}

/* Read a secret; NULL or what is wrong. */
static const char *
read_secret(struct issuer *issuer)
{
	const char *fault;

	if (!is_set(issuer->config->secret_file))
		return NULL;
	fault = secret_load(issuer->config->secret_file, issuer->secret,
	    sizeof(issuer->secret), &issuer->secret_len);
	if (fault == NULL && issuer->secret_len > SECRET_BYTES_MAX)
		fault = "the secret is too long";
	return fault;
}

static const char *
read_keys(struct issuer *issuer)
{
	char path[4096];
	const char *fault = NULL;

	if (!is_set(issuer->config->key_file))
		return NULL;
	if (!secret_path(path, sizeof(path), issuer->config->key_file))
		return "there is no such credential";
	issuer->keys = jwk_read(path, &fault);
	return fault;
}

/* An algorithm needs what it verifies with. */
static const char *
check_algorithm(const struct issuer *issuer, const struct algorithm *algorithm)
{
	if (algorithm == NULL)
		return "it allows an unknown algorithm";
	if (algorithm->kind != JWK_SECRET)
		return issuer->keys != NULL ? NULL
					    : "its algorithms need a key_file";
	if (!is_set(issuer->config->secret_file))
		return "its algorithms need a secret_file";
	if (issuer->secret_len < algorithm->secret_bytes_min)
		return "the secret is too short (32 bytes, HS384: 48, "
		       "HS512: 64)";
	return NULL;
}

static const char *
load_issuer(struct issuer *issuer, const struct issuer_config *config)
{
	const char *fault;

	issuer->config = config;
	if (config->algorithms[0] == NULL)
		return "it allows no algorithm";
	fault = read_secret(issuer);
	if (fault == NULL)
		fault = read_keys(issuer);
	for (size_t i = 0; fault == NULL && config->algorithms[i] != NULL; i++)
		fault = check_algorithm(issuer,
		    algorithm_find(config->algorithms[i]));
	return fault;
}

struct auth *
auth_new(const struct config *config, const char **error)
{
	static char text[512];
	struct auth *auth = calloc(1, sizeof(*auth));

	if (auth == NULL)
		abort();
	*error = text;
	snprintf(text, sizeof(text), "there is no issuer");
	for (size_t i = 0; i < config->issuers_count; i++) {
		const struct issuer_config *issuer = &config->issuers[i];
		const char *fault = load_issuer(&auth->issuers[i], issuer);

		auth->issuers_count++;
		if (fault == NULL)
			continue;
		snprintf(text, sizeof(text), "issuer %s: %s: %s", issuer->name,
		    is_set(issuer->secret_file) ? issuer->secret_file
						: issuer->key_file,
		    fault);
		auth_free(auth);
		return NULL;
	}
	if (auth->issuers_count == 0) {
		auth_free(auth);
		return NULL;
	}
	*error = NULL;
	return auth;
}

void
auth_free(struct auth *auth)
{
	if (auth == NULL)
		return;
	for (size_t i = 0; i < auth->issuers_count; i++)
		jwk_free(auth->issuers[i].keys);
	OPENSSL_cleanse(auth->issuers, sizeof(auth->issuers));
	free(auth);
}

unsigned long long
auth_cache_hits(const struct auth *auth)
{
	return auth->cache_hits;
}

/* libjwt refuses every typ but JWT: for at+jwt the MAC is made here. */
static bool
verify_access_token(const struct token *t, const struct issuer *issuer)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned mac_len = 0;

	if (HMAC(t->algorithm->digest(), issuer->secret,
		(int)issuer->secret_len, (const unsigned char *)t->text,
		t->signed_len, mac, &mac_len) == NULL)
		return false;
	return mac_len == t->signature_len &&
	    CRYPTO_memcmp(mac, t->signature, mac_len) == 0;
}

static bool
verify_secret(const struct token *t, const struct issuer *issuer)
{
	jwt_t *jwt = NULL;
	bool good;

	/* libjwt takes a NULL or empty key for "do not verify" */
	if (issuer->secret_len < t->algorithm->secret_bytes_min)
		return false;
	if (t->access_token)
		return verify_access_token(t, issuer);
	good = jwt_decode(&jwt, t->text, issuer->secret,
		   (int)issuer->secret_len) == 0 &&
	    jwt != NULL && jwt_get_alg(jwt) == jwt_str_alg(t->algorithm->name);
	jwt_free(jwt);
	return good;
}

static enum jwk_verdict
verify(const struct token *t, const struct issuer *issuer)
{
	if (t->algorithm->kind == JWK_SECRET)
		return verify_secret(t, issuer) ? JWK_GOOD : JWK_BAD;
	if (issuer->keys == NULL)
		return JWK_NO_KEY;
	return jwk_verify(issuer->keys, t->algorithm->kind, t->algorithm->name,
	    t->has_kid ? t->kid : NULL, (const uint8_t *)t->text, t->signed_len,
	    t->signature, t->signature_len);
}

/* Does the token's iss name one that is configured? */
static bool
names_issuer(const struct auth *auth, struct json_slice iss)
{
	for (size_t i = 0; i < auth->issuers_count && iss.data != NULL; i++)
		if (*auth->issuers[i].config->iss != '\0' &&
		    json_string_is(iss, auth->issuers[i].config->iss))
			return true;
	return false;
}

/* Does an issuer come into question?  Where iss names configured ones, only
 * those do; and none that does not allow the algorithm. */
static bool
is_in_question(const struct auth *auth, const struct issuer *issuer)
{
	const struct token *t = &auth->token;
	struct json_slice iss = json_member(t->payload, "iss");

	if (names_issuer(auth, iss) &&
	    !json_string_is(iss, issuer->config->iss))
		return false;
	return t->algorithm != NULL &&
	    token_is_listed(issuer->config->algorithms, t->algorithm->name);
}

/* The issuer that signed it. */
static enum auth_fault
find_issuer(const struct auth *auth, const struct issuer **found)
{
	enum auth_fault fault = AUTH_ALGORITHM;

	for (size_t i = 0; i < auth->issuers_count; i++) {
		const struct issuer *issuer = &auth->issuers[i];

		if (!is_in_question(auth, issuer))
			continue;
		switch (verify(&auth->token, issuer)) {
		case JWK_GOOD:
			*found = issuer;
			return AUTH_OK;
		case JWK_NO_KEY:
			if (fault == AUTH_ALGORITHM)
				fault = AUTH_KEY;
			break;
		case JWK_BAD:
			fault = AUTH_SIGNATURE;
			break;
		}
	}
	return fault;
}

void
auth_explain_key(const struct auth *auth, struct buf *out)
{
	const struct token *t = &auth->token;
	const char *kid = t->has_kid ? t->kid : NULL;

	for (size_t i = 0; i < auth->issuers_count; i++) {
		const struct issuer *issuer = &auth->issuers[i];

		if (!is_in_question(auth, issuer) || issuer->keys == NULL)
			continue;
		buf_printf(out, "issuer %s, key %s: %s\n", issuer->config->name,
		    kid != NULL ? kid : "(any)",
		    jwk_no_key_text(issuer->keys, t->algorithm->kind,
			t->algorithm->name, kid));
	}
}

static struct cached *
cache_place(struct auth *auth, const char *token, size_t len,
    uint8_t digest[SHA256_BYTES])
{
	sha256(digest, &(struct iovec){ (char *)token, len }, 1);
	return &auth->cache[(digest[0] | digest[1] << 8) & (CACHE_ENTRIES - 1)];
}

static void
remember(struct cached *place, const uint8_t digest[SHA256_BYTES],
    int64_t now_s, const struct identity *who)
{
	memcpy(place->digest, digest, SHA256_BYTES);
	place->from = now_s;
	place->until = now_s + AUTH_CACHE_S < who->expires_at
	    ? now_s + AUTH_CACHE_S
	    : who->expires_at;
	place->who = *who;
}

/* Keys that were taken away must not live on in the cache. */
static void
refresh_keys(struct auth *auth, int64_t now_s)
{
	bool changed = false;

	for (size_t i = 0; i < auth->issuers_count; i++)
		if (auth->issuers[i].keys != NULL)
			changed |= jwk_refresh(auth->issuers[i].keys, now_s);
	if (changed)
		memset(auth->cache, 0, sizeof(auth->cache));
}

/* "Bearer" and spaces; NULL if the header says anything else. */
static const char *
bearer_token(const char *header)
{
	static const char scheme[] = "Bearer ";

	if (strncasecmp(header, scheme, sizeof(scheme) - 1) != 0)
		return NULL;
	header += sizeof(scheme) - 1;
	header += strspn(header, " ");
	return *header == '\0' ? NULL : header;
}

enum auth_fault
auth_check(struct auth *auth, const char *header, int64_t now_s,
    struct identity *who)
{
	uint8_t digest[SHA256_BYTES];
	const struct issuer *issuer;
	enum auth_fault fault;
	struct cached *place;
	const char *token;
	size_t len;

	memset(who, 0, sizeof(*who));
	if (header == NULL || *header == '\0')
		return AUTH_MISSING;
	if ((token = bearer_token(header)) == NULL)
		return AUTH_SCHEME;
	len = strnlen(token, TOKEN_BYTES_MAX + 1);
	if (len > TOKEN_BYTES_MAX)
		return AUTH_SIZE;
	refresh_keys(auth, now_s);
	place = cache_place(auth, token, len, digest);
	if (now_s >= place->from && now_s < place->until &&
	    memcmp(place->digest, digest, sizeof(digest)) == 0) {
		auth->cache_hits++;
		*who = place->who;
		return AUTH_OK;
	}
	fault = token_split(&auth->token, token, len);
	if (fault == AUTH_OK)
		fault = find_issuer(auth, &issuer);
	if (fault == AUTH_OK)
		fault = token_check_claims(&auth->token, issuer->config, now_s,
		    who);
	if (fault != AUTH_OK) {
		memset(who, 0, sizeof(*who));
		return fault;
	}
	remember(place, digest, now_s, who);
	return AUTH_OK;
}

void
auth_caller(char *out, const struct identity *who)
{
	if (who->role == ROLE_SERVICE || who->role == ROLE_ADMIN)
		sprintf(out, "%s:%s",
		    who->role == ROLE_ADMIN ? "admin" : "service",
		    who->subject);
	else
		strcpy(out, "user");
}
