#include "jwk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "auth.h"
#include "unit.h"
#include "util/buf.h"
#include "util/hex.h"

enum { NOW_S = 1800000000 };

/* 32 bytes. */
#define NUMBER "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

static const char claims[] = "{\"sub\":\"alice\",\"exp\":1800000600}";

static EVP_PKEY *
rsa_key(size_t bits)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

static EVP_PKEY *
ec_key(const char *curve)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);
}

static EVP_PKEY *
ed_key(void)
{
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* ---- writing keys ---- */

static char *
pem_of(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *text;
	long len;

	PEM_write_bio_PUBKEY(bio, key);
	len = BIO_get_mem_data(bio, &data);
	text = strndup(data, (size_t)len);
	BIO_free(bio);
	return text;
}

static void
add_member(struct buf *out, const char *name, const uint8_t *data, size_t len)
{
	char text[2048];

	base64url_encode(text, data, len);
	buf_printf(out, ",\"%s\":\"%s\"", name, text);
}

static void
add_number(struct buf *out, const char *name, EVP_PKEY *key, const char *param)
{
	BIGNUM *number = NULL;
	uint8_t bytes[1024];
	int len;

	EVP_PKEY_get_bn_param(key, param, &number);
	len = BN_bn2bin(number, bytes);
	add_member(out, name, bytes, (size_t)len);
	BN_free(number);
}

static void
add_coordinate(struct buf *out, const char *name, EVP_PKEY *key,
    const char *param)
{
	BIGNUM *number = NULL;
	uint8_t bytes[48];
	int len = EVP_PKEY_get_bits(key) / 8;

	EVP_PKEY_get_bn_param(key, param, &number);
	BN_bn2binpad(number, bytes, len);
	add_member(out, name, bytes, (size_t)len);
	BN_free(number);
}

/* Add a JWK to a JWKS; `more` is members of it. */
static void
add_jwk(struct buf *out, EVP_PKEY *key, const char *kid, const char *more)
{
	uint8_t raw[64];
	size_t len = sizeof(raw);

	buf_printf(out, "%s{\"kid\":\"%s\"%s",
	    out->len == 0 ? "{\"keys\":[" : ",", kid, more);
	if (EVP_PKEY_is_a(key, "RSA")) {
		buf_adds(out, ",\"kty\":\"RSA\"");
		add_number(out, "n", key, OSSL_PKEY_PARAM_RSA_N);
		add_number(out, "e", key, OSSL_PKEY_PARAM_RSA_E);
	} else if (EVP_PKEY_is_a(key, "EC")) {
		buf_printf(out, ",\"kty\":\"EC\",\"crv\":\"P-%d\"",
		    EVP_PKEY_get_bits(key));
		add_coordinate(out, "x", key, OSSL_PKEY_PARAM_EC_PUB_X);
		add_coordinate(out, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y);
	} else {
		buf_adds(out, ",\"kty\":\"OKP\",\"crv\":\"Ed25519\"");
		EVP_PKEY_get_raw_public_key(key, raw, &len);
		add_member(out, "x", raw, len);
	}
	buf_adds(out, "}");
}

static const char *
write_jwks(struct buf *jwks, const char *name)
{
	const char *path;

	buf_adds(jwks, "]}");
	path = unit_file(name, jwks->data, jwks->len);
	buf_free(jwks);
	return path;
}

/* ---- signing ---- */

static size_t
raw_ecdsa(uint8_t *signature, size_t len, size_t half)
{
	const uint8_t *der = signature;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
	uint8_t raw[96];

	BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, (int)half);
	BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + half, (int)half);
	ECDSA_SIG_free(pair);
	memcpy(signature, raw, half * 2);
	return half * 2;
}

static size_t
sign(EVP_PKEY *key, const char *alg, const char *text, uint8_t *signature)
{
	const EVP_MD *digest = EVP_PKEY_is_a(key, "ED25519") ? NULL
							     : EVP_sha256();
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx;
	size_t len = 1024;

	EVP_DigestSignInit(md, &ctx, digest, NULL, key);
	if (strcmp(alg, "PS256") == 0) {
		EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 32);
	}
	EVP_DigestSign(md, signature, &len, (const uint8_t *)text,
	    strlen(text));
	EVP_MD_CTX_free(md);
	if (EVP_PKEY_is_a(key, "EC"))
		len = raw_ecdsa(signature, len,
		    (size_t)EVP_PKEY_get_bits(key) / 8);
	return len;
}

/* "Bearer" and a token; kid NULL: none. */
static const char *
make_token(EVP_PKEY *key, const char *alg, const char *kid)
{
	static char line[4096];
	char header[256], part[1024], text[3000];
	uint8_t signature[1024];

	snprintf(header, sizeof(header),
	    kid ? "{\"alg\":\"%s\",\"kid\":\"%s\"}" : "{\"alg\":\"%s\"}", alg,
	    kid);
	base64url_encode(part, (uint8_t *)header, strlen(header));
	snprintf(text, sizeof(text), "%s.", part);
	base64url_encode(part, (const uint8_t *)claims, strlen(claims));
	strcat(text, part);
	base64url_encode(part, signature, sign(key, alg, text, signature));
	snprintf(line, sizeof(line), "Bearer %s.%s", text, part);
	return line;
}

/* ---- tests ---- */

static struct config
config_of(const char *path, const char *algorithm, const char *second)
{
	struct config config = { .issuers_count = 1 };
	struct issuer_config *issuer = &config.issuers[0];

	issuer->name = "keys";
	issuer->iss = issuer->audience = issuer->secret_file = "";
	issuer->key_file = path;
	issuer->role_claim = "role";
	issuer->algorithms[0] = algorithm;
	issuer->algorithms[1] = second;
	issuer->may_mint[0] = "user";
	return config;
}

/* What an issuer with these keys says to a token. */
static enum auth_fault
check(const char *path, const char *algorithm, const char *header)
{
	struct config config = config_of(path, algorithm, NULL);
	const char *error = NULL;
	struct auth *auth = auth_new(&config, &error);
	struct identity who;
	enum auth_fault fault;

	CHECK(auth != NULL, "%s", error ? error : "");
	if (auth == NULL)
		return AUTH_KEY;
	fault = auth_check(auth, header, NOW_S, &who);
	auth_free(auth);
	return fault;
}

static const char *
refused_file(const char *path)
{
	struct config config = config_of(path, "RS256", NULL);
	const char *error = NULL;
	struct auth *auth = auth_new(&config, &error);

	auth_free(auth);
	return error;
}

static const struct {
	const char *alg, *type;
} algs[] = { { "RS256", "RSA" }, { "PS256", "RSA" }, { "ES256", "EC" },
	{ "EdDSA", "ED" } };

static EVP_PKEY *
key_of(const char *type)
{
	return type[0] == 'R' ? rsa_key(2048)
	    : type[1] == 'C'  ? ec_key("P-256")
			      : ed_key();
}

static void
each_algorithm_verifies_from_a_jwks(void)
{
	for (size_t i = 0; i < LENGTH(algs); i++) {
		EVP_PKEY *key = key_of(algs[i].type);
		EVP_PKEY *other = key_of(algs[i].type);
		struct buf jwks = { 0 };
		const char *path;

		add_jwk(&jwks, key, "one", ",\"use\":\"sig\"");
		path = write_jwks(&jwks, "good.jwks");
		CHECK(check(path, algs[i].alg,
			  make_token(key, algs[i].alg, "one")) == AUTH_OK,
		    "%s by kid", algs[i].alg);
		CHECK(check(path, algs[i].alg,
			  make_token(key, algs[i].alg, NULL)) == AUTH_OK,
		    "%s without kid", algs[i].alg);
		CHECK(check(path, algs[i].alg,
			  make_token(key, algs[i].alg, "two")) == AUTH_KEY,
		    "%s: unknown kid", algs[i].alg);
		CHECK(check(path, algs[i].alg,
			  make_token(other, algs[i].alg, "one")) ==
			AUTH_SIGNATURE,
		    "%s: another key", algs[i].alg);
		EVP_PKEY_free(key);
		EVP_PKEY_free(other);
	}
}

static void
each_algorithm_verifies_from_pem(void)
{
	for (size_t i = 0; i < LENGTH(algs); i++) {
		EVP_PKEY *key = key_of(algs[i].type);
		char *pem = pem_of(key);
		const char *path = unit_file("key.pem", pem, strlen(pem));

		CHECK(check(path, algs[i].alg,
			  make_token(key, algs[i].alg, "any")) == AUTH_OK,
		    "%s", algs[i].alg);
		free(pem);
		EVP_PKEY_free(key);
	}
}

static void
algorithms_do_not_stand_in_for_each_other(void)
{
	EVP_PKEY *key = rsa_key(2048);
	char *pem = pem_of(key);
	const char *path = unit_file("key.pem", pem, strlen(pem));

	CU_ASSERT_EQUAL(check(path, "PS256", make_token(key, "RS256", NULL)),
	    AUTH_ALGORITHM);
	CU_ASSERT_EQUAL(check(path, "RS256", make_token(key, "PS256", NULL)),
	    AUTH_ALGORITHM);
	free(pem);
	EVP_PKEY_free(key);
}

/* The classic: a MAC keyed with the public key's text. */
static void
a_public_key_is_no_secret(void)
{
	EVP_PKEY *key = rsa_key(2048), *mac;
	char *pem = pem_of(key);
	const char *path = unit_file("key.pem", pem, strlen(pem));

	mac = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL, (uint8_t *)pem,
	    strlen(pem));
	CU_ASSERT_EQUAL(check(path, "RS256", make_token(mac, "HS256", NULL)),
	    AUTH_ALGORITHM);
	EVP_PKEY_free(mac);
	free(pem);
	EVP_PKEY_free(key);
}

static void
keys_that_must_not_sign_are_left_out(void)
{
	static const struct {
		size_t bits;
		const char *more;
	} rows[] = { { 1024, "" }, { 2048, ",\"use\":\"enc\"" },
		{ 2048, ",\"d\":\"AQAB\"" },
		{ 2048, ",\"key_ops\":[\"encrypt\"]" },
		{ 2048, ",\"use\":1" } };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		EVP_PKEY *key = rsa_key(rows[i].bits);
		struct buf jwks = { 0 };

		add_jwk(&jwks, key, "one", rows[i].more);
		CHECK(refused_file(write_jwks(&jwks, "bad.jwks")) != NULL,
		    "%zu bits, %s", rows[i].bits, rows[i].more);
		EVP_PKEY_free(key);
	}
}

static void
a_key_of_another_algorithm_is_not_used(void)
{
	EVP_PKEY *key = rsa_key(2048);
	struct buf jwks = { 0 };
	const char *path;

	add_jwk(&jwks, key, "one", ",\"alg\":\"PS256\"");
	path = write_jwks(&jwks, "ps.jwks");
	CU_ASSERT_EQUAL(check(path, "RS256", make_token(key, "RS256", "one")),
	    AUTH_KEY);
	CU_ASSERT_EQUAL(check(path, "PS256", make_token(key, "PS256", "one")),
	    AUTH_OK);
	EVP_PKEY_free(key);
}

static void
another_curve_is_refused(void)
{
	EVP_PKEY *wide = ec_key("P-384"), *fine = ec_key("P-256");
	struct buf jwks = { 0 };
	const char *path;

	add_jwk(&jwks, wide, "wide", "");
	add_jwk(&jwks, fine, "fine", "");
	path = write_jwks(&jwks, "curves.jwks");
	CU_ASSERT_EQUAL(check(path, "ES256", make_token(wide, "ES256", "wide")),
	    AUTH_KEY);
	CU_ASSERT_EQUAL(check(path, "ES256", make_token(wide, "ES256", "fine")),
	    AUTH_SIGNATURE);
	CU_ASSERT_EQUAL(check(path, "ES256", make_token(fine, "ES256", "fine")),
	    AUTH_OK);
	EVP_PKEY_free(wide);
	EVP_PKEY_free(fine);
}

/* Of a curve's numbers: too few, too many, no base64url, no point on it. */
static void
points_must_lie_on_the_curve(void)
{
	static const char *const points[] = { "\"AQ\",\"y\":\"AQ\"",
		"\"" NUMBER NUMBER "\",\"y\":\"" NUMBER "\"",
		"\"!!!!\",\"y\":\"" NUMBER "\"", "1,\"y\":2",
		"\"" NUMBER "\",\"y\":\"" NUMBER "\"", "\"" NUMBER "\"" };
	char text[512];

	for (size_t i = 0; i < LENGTH(points); i++) {
		snprintf(text, sizeof(text),
		    "{\"keys\":[{\"kid\":\"a\",\"kty\":\"EC\","
		    "\"crv\":\"P-256\",\"x\":%s}]}",
		    points[i]);
		CHECK(refused_file(unit_file("point", text, strlen(text))) !=
			NULL,
		    "<%s>", points[i]);
	}
}

static void
files_without_keys_are_refused(void)
{
	static const char *const texts[] = { "", "{}", "{\"keys\":[]}",
		"{\"keys\":[{}]}", "{\"keys\":[1]}", "{\"keys\":1}", "[]",
		"not a key", "-----BEGIN PUBLIC KEY-----\n" };

	for (size_t i = 0; i < LENGTH(texts); i++)
		CHECK(refused_file(unit_file("none", texts[i],
			  strlen(texts[i]))) != NULL,
		    "<%s>", texts[i]);
	CU_ASSERT_PTR_NOT_NULL(refused_file("/nowhere"));
}

/* New keys in the file: taken up without a restart, and what the old one
 * signed is refused, though it was cached. */
static void
keys_rotate(void)
{
	EVP_PKEY *old = ed_key(), *new = ed_key();
	char *token = NULL, *pem = pem_of(old);
	const char *path = unit_file("rotating.pem", pem, strlen(pem));
	struct config config = config_of(path, "EdDSA", NULL);
	const char *error = NULL;
	struct auth *auth = auth_new(&config, &error);
	struct identity who;

	CU_ASSERT_PTR_NOT_NULL_FATAL(auth);
	token = strdup(make_token(old, "EdDSA", NULL));
	CU_ASSERT_EQUAL(auth_check(auth, token, NOW_S, &who), AUTH_OK);
	free(pem);
	pem = pem_of(new);
	usleep(20000); /* another time of change, whatever the clock's step */
	unit_file("rotating.pem", pem, strlen(pem));
	CU_ASSERT_EQUAL(auth_check(auth, token, NOW_S + 1, &who), AUTH_OK);
	CU_ASSERT_EQUAL(auth_check(auth, token, NOW_S + JWK_LOOK_S, &who),
	    AUTH_SIGNATURE);
	CU_ASSERT_EQUAL(auth_check(auth, make_token(new, "EdDSA", NULL),
			    NOW_S + JWK_LOOK_S, &who),
	    AUTH_OK);
	usleep(20000);
	unit_file("rotating.pem", "half a fi", 9);
	CU_ASSERT_EQUAL(auth_check(auth, make_token(new, "EdDSA", "x"),
			    NOW_S + 3 * JWK_LOOK_S, &who),
	    AUTH_OK);
	auth_free(auth);
	free(token);
	free(pem);
	EVP_PKEY_free(old);
	EVP_PKEY_free(new);
}

CU_TestInfo jwk_tests[] = {
	{ "each algorithm, from a JWKS", each_algorithm_verifies_from_a_jwks },
	{ "each algorithm, from PEM", each_algorithm_verifies_from_pem },
	{ "algorithms are not exchanged",
	    algorithms_do_not_stand_in_for_each_other },
	{ "a public key is no secret", a_public_key_is_no_secret },
	{ "keys that must not sign", keys_that_must_not_sign_are_left_out },
	{ "a key's own alg", a_key_of_another_algorithm_is_not_used },
	{ "another curve", another_curve_is_refused },
	{ "points must lie on the curve", points_must_lie_on_the_curve },
	{ "files without keys", files_without_keys_are_refused },
	{ "keys rotate", keys_rotate },
	CU_TEST_INFO_NULL,
};
