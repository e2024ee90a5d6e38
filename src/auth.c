#include "auth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "json_scan.h"
#include "util/hex.h"
#include "util/sha256.h"
#include "util/text.h"

enum {
	CACHE_ENTRIES = 4096, /* a power of 2 */
	PART_BYTES_MAX = TOKEN_BYTES_MAX * 3 / 4,
	SECRET_BYTES_MAX = 4096
};

/* What is signed how.  RS256, PS256, ES256 and EdDSA become rows here, with
 * keys of another kind. */
struct algorithm {
	const char *name;
	const EVP_MD *(*digest)(void);
	size_t secret_bytes_min; /* RFC 7518: as long as the digest */
};

static const struct algorithm algorithms[] = {
	{ "HS256", EVP_sha256, 32 },
	{ "HS384", EVP_sha384, 48 },
	{ "HS512", EVP_sha512, 64 },
};

enum { ALGORITHMS_COUNT = sizeof(algorithms) / sizeof(algorithms[0]) };

struct issuer {
	const struct issuer_config *config;
	unsigned char secret[SECRET_BYTES_MAX + 2];
	size_t secret_len;
};

/* A verified token.  Direct-mapped: two tokens of one place push each other
 * out, which costs time and nothing else. */
struct cached {
	uint8_t digest[SHA256_BYTES];
	int64_t from, until; /* unix seconds, until is past; 0: empty */
	struct identity who;
};

/* A token taken apart.  The texts are those of the token itself. */
struct token {
	const char *text;
	size_t signed_len; /* of the first two parts with their dot */
	const struct algorithm *algorithm;
	bool access_token; /* typ at+jwt */
	struct json_slice header, payload;
	size_t signature_len;
	char header_text[PART_BYTES_MAX + 1];
	char payload_text[PART_BYTES_MAX + 1];
	uint8_t signature[PART_BYTES_MAX];
};

struct auth {
	struct issuer issuers[ISSUERS_MAX];
	size_t issuers_count;
	unsigned long long cache_hits;
	struct token token; /* the one that is being checked */
	struct cached cache[CACHE_ENTRIES];
};

const char *
auth_fault_text(enum auth_fault fault)
{
	static const char *const texts[] = {
		[AUTH_OK] = "the token is good",
		[AUTH_MISSING] = "there is no Authorization header",
		[AUTH_SCHEME] = "the header is not Bearer and a token",
		[AUTH_SIZE] = "the token is longer than 8192 bytes",
		[AUTH_SEGMENTS] = "the token has not three non-empty parts",
		[AUTH_ENCODING] = "a part is not canonical base64url",
		[AUTH_HEADER] = "the token's header is not strict JSON with "
				"alg and, if present, typ JWT or at+jwt",
		[AUTH_CRIT] = "the token demands an extension (crit)",
		[AUTH_PAYLOAD] = "the payload is not a strict JSON object",
		[AUTH_ALGORITHM] = "the issuer does not allow this alg",
		[AUTH_KEY] = "there is no such key",
		[AUTH_SIGNATURE] = "no key of the issuer made the signature",
		[AUTH_CLAIMS] = "a claim has a wrong type or is missing",
		[AUTH_EXPIRED] = "the token has expired (exp)",
		[AUTH_NOT_YET] = "the token is not valid yet (nbf, iat)",
		[AUTH_ISSUER] = "the token is of another issuer (iss)",
		[AUTH_AUDIENCE] = "the token is for another audience (aud)",
		[AUTH_SUBJECT] = "sub is not a user id",
		[AUTH_ROLE] = "the role claim is not a string",
	};

	return texts[fault];
}

static const struct algorithm *
find_algorithm(const char *name)
{
	for (size_t i = 0; i < ALGORITHMS_COUNT; i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

static bool
is_listed(const char *const *list, const char *word)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

/* "credential:NAME" stands in the directory that systemd made for us. */
static bool
secret_path(char *out, size_t size, const char *file)
{
	static const char prefix[] = "credential:";
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	const char *name = file + sizeof(prefix) - 1;

	if (strncmp(file, prefix, sizeof(prefix) - 1) != 0)
		return snprintf(out, size, "%s", file) < (int)size;
	if (directory == NULL || *name == '\0' || strchr(name, '/') != NULL)
		return false;
	return snprintf(out, size, "%s/%s", directory, name) < (int)size;
}

/* Read a secret; NULL or what is wrong. */
static const char *
read_secret(struct issuer *issuer)
{
	char path[4096];
	FILE *file;
	size_t len;

	if (issuer->config->secret_file == NULL ||
	    *issuer->config->secret_file == '\0')
		return "there is no secret_file";
	if (!secret_path(path, sizeof(path), issuer->config->secret_file))
		return "there is no such credential";
	if ((file = fopen(path, "re")) == NULL)
		return strerror(errno);
	setvbuf(file, NULL, _IONBF, 0); /* no second copy of the secret */
	len = fread(issuer->secret, 1, sizeof(issuer->secret), file);
	if (ferror(file))
		len = 0;
	fclose(file);
	if (len > 0 && issuer->secret[len - 1] == '\n')
		len--;
	issuer->secret_len = len;
	return len > SECRET_BYTES_MAX ? "the secret is too long" : NULL;
}

static const char *
load_issuer(struct issuer *issuer, const struct issuer_config *config)
{
	const char *fault;

	issuer->config = config;
	if (config->algorithms[0] == NULL)
		return "it allows no algorithm";
	if ((fault = read_secret(issuer)) != NULL)
		return fault;
	for (size_t i = 0; config->algorithms[i] != NULL; i++) {
		const struct algorithm *algorithm = find_algorithm(
		    config->algorithms[i]);

		if (algorithm == NULL)
			return "it allows an unknown algorithm";
		if (issuer->secret_len < algorithm->secret_bytes_min)
			return "the secret is too short (32 bytes, HS384: "
			       "48, HS512: 64)";
	}
	return NULL;
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
		    issuer->secret_file, fault);
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
	OPENSSL_cleanse(auth->issuers, sizeof(auth->issuers));
	free(auth);
}

unsigned long long
auth_cache_hits(const struct auth *auth)
{
	return auth->cache_hits;
}

/* Decode a part that holds a JSON object. */
static enum auth_fault
decode_object(char *out, struct json_slice *object, const char *part,
    size_t len, enum auth_fault fault)
{
	ssize_t decoded = base64url_decode((uint8_t *)out, part, len);

	if (decoded < 0)
		return AUTH_ENCODING;
	out[decoded] = '\0';
	if (json_scan(out, (size_t)decoded, NULL) != JSON_OK)
		return fault;
	object->data = out + strspn(out, " \t\r\n");
	object->len = (size_t)decoded - (size_t)(object->data - out);
	return *object->data == '{' ? AUTH_OK : fault;
}

/* Members that only say how to read the token; others are of no interest. */
static enum auth_fault
read_header(struct token *t)
{
	struct json_slice alg = json_member(t->header, "alg");
	struct json_slice typ = json_member(t->header, "typ");
	struct json_slice kid = json_member(t->header, "kid");
	char text[16];

	t->access_token = false;
	if (alg.data == NULL || *alg.data != '"')
		return AUTH_HEADER;
	if (kid.data != NULL && *kid.data != '"')
		return AUTH_HEADER;
	if (typ.data != NULL) {
		if (!json_unquote(typ, text, sizeof(text)))
			return AUTH_HEADER;
		t->access_token = strcasecmp(text, "at+jwt") == 0;
		if (!t->access_token && strcasecmp(text, "JWT") != 0)
			return AUTH_HEADER;
	}
	if (json_member(t->header, "crit").data != NULL)
		return AUTH_CRIT;
	t->algorithm = json_unquote(alg, text, sizeof(text))
	    ? find_algorithm(text)
	    : NULL;
	return AUTH_OK;
}

/* Take a token of len bytes apart; nothing that libraries could stumble over
 * passes here. */
static enum auth_fault
split_token(struct token *t, const char *text, size_t len)
{
	const char *dot1 = memchr(text, '.', len), *dot2, *end = text + len;
	size_t signature_len;
	ssize_t decoded;
	enum auth_fault fault;

	if (dot1 == NULL)
		return AUTH_SEGMENTS;
	dot2 = memchr(dot1 + 1, '.', (size_t)(end - dot1 - 1));
	if (dot2 == NULL || dot1 == text || dot2 == dot1 + 1 || dot2 + 1 == end)
		return AUTH_SEGMENTS;
	signature_len = (size_t)(end - dot2 - 1);
	if (memchr(dot2 + 1, '.', signature_len) != NULL)
		return AUTH_SEGMENTS;
	decoded = base64url_decode(t->signature, dot2 + 1, signature_len);
	if (decoded < 0)
		return AUTH_ENCODING;
	t->text = text;
	t->signed_len = (size_t)(dot2 - text);
	t->signature_len = (size_t)decoded;
	fault = decode_object(t->header_text, &t->header, text,
	    (size_t)(dot1 - text), AUTH_HEADER);
	if (fault != AUTH_OK || (fault = read_header(t)) != AUTH_OK)
		return fault;
	return decode_object(t->payload_text, &t->payload, dot1 + 1,
	    (size_t)(dot2 - dot1 - 1), AUTH_PAYLOAD);
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
verify(const struct token *t, const struct issuer *issuer)
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

/* The issuer that signed it.  Where iss names configured ones, only those
 * come into question. */
static enum auth_fault
find_issuer(const struct auth *auth, const struct issuer **found)
{
	const struct token *t = &auth->token;
	struct json_slice iss = json_member(t->payload, "iss");
	enum auth_fault fault = AUTH_ALGORITHM;
	bool named = false;

	for (size_t i = 0; i < auth->issuers_count && iss.data != NULL; i++)
		named |= *auth->issuers[i].config->iss != '\0' &&
		    json_string_is(iss, auth->issuers[i].config->iss);
	for (size_t i = 0; i < auth->issuers_count; i++) {
		const struct issuer *issuer = &auth->issuers[i];

		if (named && !json_string_is(iss, issuer->config->iss))
			continue;
		if (t->algorithm == NULL ||
		    !is_listed(issuer->config->algorithms, t->algorithm->name))
			continue;
		fault = AUTH_SIGNATURE;
		if (verify(t, issuer)) {
			*found = issuer;
			return AUTH_OK;
		}
	}
	return fault;
}

/* A time claim: only an integer will do (libjwt's getter reads 0 from true,
 * "1" and 1.0 without an error).  Absent leaves *value as it is. */
static bool
read_time_claim(struct json_slice payload, const char *name, int64_t *value)
{
	struct json_slice claim = json_member(payload, name);

	if (claim.data == NULL)
		return true;
	if (strspn(claim.data, "-0123456789") != claim.len)
		return false;
	*value = strtoll(claim.data, NULL, 10);
	return true;
}

static enum auth_fault
check_times(const struct token *t, int64_t now_s, int64_t *expires_at)
{
	int64_t exp = INT64_MIN, nbf = INT64_MIN, iat = INT64_MIN;

	if (!read_time_claim(t->payload, "exp", &exp) || exp == INT64_MIN ||
	    !read_time_claim(t->payload, "nbf", &nbf) ||
	    !read_time_claim(t->payload, "iat", &iat))
		return AUTH_CLAIMS;
	if (exp <= now_s - AUTH_LEEWAY_S)
		return AUTH_EXPIRED;
	if (nbf > now_s + AUTH_LEEWAY_S || iat > now_s + AUTH_LEEWAY_S)
		return AUTH_NOT_YET;
	*expires_at = exp;
	return AUTH_OK;
}

static enum auth_fault
check_iss(const struct token *t, const struct issuer_config *config)
{
	struct json_slice iss = json_member(t->payload, "iss");

	if (iss.data == NULL)
		return is_listed(config->required_claims, "iss") ? AUTH_ISSUER
								 : AUTH_OK;
	if (*iss.data != '"')
		return AUTH_CLAIMS;
	return *config->iss == '\0' || json_string_is(iss, config->iss)
	    ? AUTH_OK
	    : AUTH_ISSUER;
}

/* aud is one string or an array of strings. */
static enum auth_fault
check_aud(const struct token *t, const struct issuer_config *config)
{
	struct json_slice aud = json_member(t->payload, "aud"), item;
	bool found = *config->audience == '\0';
	const char *cursor = NULL;

	if (aud.data == NULL)
		return is_listed(config->required_claims, "aud") ? AUTH_AUDIENCE
								 : AUTH_OK;
	if (*aud.data == '"')
		return found || json_string_is(aud, config->audience)
		    ? AUTH_OK
		    : AUTH_AUDIENCE;
	if (*aud.data != '[')
		return AUTH_CLAIMS;
	while (json_next_element(aud, &cursor, &item)) {
		if (*item.data != '"')
			return AUTH_CLAIMS;
		found = found || json_string_is(item, config->audience);
	}
	return found ? AUTH_OK : AUTH_AUDIENCE;
}

static enum role
role_of_word(const char *word)
{
	if (strcmp(word, "service") == 0)
		return ROLE_SERVICE;
	return strcmp(word, "admin") == 0 ? ROLE_ADMIN : ROLE_USER;
}

/* The word that a role claim's value is mapped to: "user" if to none. */
static const char *
map_role(const struct issuer_config *config, const char *value)
{
	size_t len = strlen(value);

	if (config->role_map[0] == NULL)
		return value;
	for (size_t i = 0; config->role_map[i] != NULL; i++) {
		const char *equals = strrchr(config->role_map[i], '=');

		if ((size_t)(equals - config->role_map[i]) == len &&
		    memcmp(config->role_map[i], value, len) == 0)
			return equals + 1;
	}
	return "user";
}

static enum auth_fault
read_role(const struct token *t, const struct issuer_config *config,
    enum role *role)
{
	struct json_slice claim = json_member(t->payload, config->role_claim);
	char value[256];
	const char *word;

	*role = ROLE_USER;
	if (claim.data == NULL)
		return AUTH_OK;
	if (*claim.data != '"')
		return AUTH_ROLE;
	if (!json_unquote(claim, value, sizeof(value)))
		return AUTH_OK; /* so long a word is not mapped */
	word = map_role(config, value);
	if (is_listed(config->may_mint, word))
		*role = role_of_word(word);
	return AUTH_OK;
}

static enum auth_fault
check_claims(const struct token *t, const struct issuer *issuer, int64_t now_s,
    struct identity *who)
{
	const struct issuer_config *config = issuer->config;
	struct json_slice sub = json_member(t->payload, "sub");
	enum auth_fault fault;

	for (size_t i = 0; config->required_claims[i] != NULL; i++) {
		const char *name = config->required_claims[i];

		if (strcmp(name, "iss") != 0 && strcmp(name, "aud") != 0 &&
		    json_member(t->payload, name).data == NULL)
			return AUTH_CLAIMS;
	}
	if ((fault = check_times(t, now_s, &who->expires_at)) != AUTH_OK ||
	    (fault = check_iss(t, config)) != AUTH_OK ||
	    (fault = check_aud(t, config)) != AUTH_OK)
		return fault;
	if (!json_unquote(sub, who->subject, sizeof(who->subject)) ||
	    !text_is_user_id(who->subject, strlen(who->subject)))
		return AUTH_SUBJECT;
	snprintf(who->issuer, sizeof(who->issuer), "%s", config->name);
	return read_role(t, config, &who->role);
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
	place = cache_place(auth, token, len, digest);
	if (now_s >= place->from && now_s < place->until &&
	    memcmp(place->digest, digest, sizeof(digest)) == 0) {
		auth->cache_hits++;
		*who = place->who;
		return AUTH_OK;
	}
	fault = split_token(&auth->token, token, len);
	if (fault == AUTH_OK)
		fault = find_issuer(auth, &issuer);
	if (fault == AUTH_OK)
		fault = check_claims(&auth->token, issuer, now_s, who);
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
