#include "auth_token.h"

#include <stdio.h>
#include <string.h>

#include "util/hex.h"

static const struct algorithm algorithms[] = {
	{ "HS256", JWK_SECRET, EVP_sha256, 32 },
	{ "HS384", JWK_SECRET, EVP_sha384, 48 },
	{ "HS512", JWK_SECRET, EVP_sha512, 64 },
	{ "RS256", JWK_RSA, NULL, 0 },
	{ "PS256", JWK_RSA, NULL, 0 },
	{ "ES256", JWK_P256, NULL, 0 },
	{ "EdDSA", JWK_ED25519, NULL, 0 },
};

enum { ALGORITHMS_COUNT = sizeof(algorithms) / sizeof(algorithms[0]) };

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

const struct algorithm *
algorithm_find(const char *name)
{
	for (size_t i = 0; i < ALGORITHMS_COUNT; i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
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
	t->has_kid = kid.data != NULL;
	if (t->has_kid && !json_unquote(kid, t->kid, sizeof(t->kid)))
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
	    ? algorithm_find(text)
	    : NULL;
	return AUTH_OK;
}

enum auth_fault
token_split(struct token *t, const char *text, size_t len)
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
