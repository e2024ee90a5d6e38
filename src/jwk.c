#include "jwk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "json_scan.h"
#include "util/hex.h"

enum {
	RSA_BITS_MIN = 2048,
	NUMBER_BYTES_MAX = 1024, /* of an RSA modulus: 8192 bits */
	P256_BYTES = 32,
	ED25519_BYTES = 32
};

struct jwk {
	EVP_PKEY *key;
	enum jwk_kind kind;
	char kid[256]; /* "": none */
	char alg[16];  /* "": any of the kind */
};

/* A key of the file that is not used, and why. */
struct left_out {
	char kid[256];
	const char *why;
};

struct jwk_set {
	char *path;
	struct jwk keys[JWK_KEYS_MAX];
	size_t count;
	struct left_out left_out[JWK_KEYS_MAX];
	size_t left_out_count;
	struct timespec changed;
	off_t size;
	int64_t looked_s;
};

static void
clear(struct jwk_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		EVP_PKEY_free(set->keys[i].key);
	set->count = 0;
	set->left_out_count = 0;
}

static void
leave_out(struct jwk_set *set, const char *kid, const char *why)
{
	struct left_out *place = &set->left_out[set->left_out_count];

	if (set->left_out_count == JWK_KEYS_MAX)
		return;
	snprintf(place->kid, sizeof(place->kid), "%s", kid);
	place->why = why;
	set->left_out_count++;
}

/* ---- what a key is ---- */

/* Of which kind a key is; NULL, or why it may not sign tokens. */
static const char *
classify(EVP_PKEY *key, enum jwk_kind *kind)
{
	char group[32] = "";

	if (EVP_PKEY_is_a(key, "RSA")) {
		*kind = JWK_RSA;
		return EVP_PKEY_get_bits(key) >= RSA_BITS_MIN
		    ? NULL
		    : "it is RSA of fewer than 2048 bits";
	}
	if (EVP_PKEY_is_a(key, "EC")) {
		*kind = JWK_P256;
		EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
		return strcmp(group, "prime256v1") == 0 ||
			strcmp(group, "P-256") == 0
		    ? NULL
		    : "its curve is not P-256";
	}
	*kind = JWK_ED25519;
	return EVP_PKEY_is_a(key, "ED25519")
	    ? NULL
	    : "its type is not RSA, EC or Ed25519";
}

/* Add a key, which then belongs to the set; frees one of no use. */
static void
add(struct jwk_set *set, EVP_PKEY *key, const char *kid, const char *alg)
{
	struct jwk *k = &set->keys[set->count];
	const char *why = "there are too many keys";

	if (set->count < JWK_KEYS_MAX)
		why = key != NULL ? classify(key, &k->kind)
				  : "its members do not make a key";
	if (why != NULL) {
		leave_out(set, kid, why);
		EVP_PKEY_free(key);
		return;
	}
	k->key = key;
	snprintf(k->kid, sizeof(k->kid), "%s", kid);
	snprintf(k->alg, sizeof(k->alg), "%s", alg);
	set->count++;
}

/* ---- PEM ---- */

static void
read_pem(struct jwk_set *set, const char *text, size_t len)
{
	BIO *bio = BIO_new_mem_buf(text, (int)len);
	EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

	if (key == NULL) {
		X509 *certificate;

		(void)BIO_reset(bio);
		certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (certificate != NULL)
			key = X509_get_pubkey(certificate);
		X509_free(certificate);
	}
	BIO_free(bio);
	add(set, key, "", "");
}

/* ---- JWK ---- */

/* A member that is base64url; its length in bytes, -1 if it is not there. */
static ssize_t
read_bytes(struct json_slice jwk, const char *name, uint8_t *out, size_t size)
{
	struct json_slice member = json_member(jwk, name);
	char text[NUMBER_BYTES_MAX * 2];

	if (member.data == NULL || !json_unquote(member, text, sizeof(text)) ||
	    strlen(text) * 3 / 4 > size)
		return -1;
	return base64url_decode(out, text, strlen(text));
}

static EVP_PKEY *
make_key(const char *type, OSSL_PARAM_BLD *builder)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) > 0 &&
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *
read_rsa(struct json_slice jwk)
{
	uint8_t n[NUMBER_BYTES_MAX], e[NUMBER_BYTES_MAX];
	ssize_t n_len = read_bytes(jwk, "n", n, sizeof(n));
	ssize_t e_len = read_bytes(jwk, "e", e, sizeof(e));
	OSSL_PARAM_BLD *builder;
	BIGNUM *modulus, *exponent;
	EVP_PKEY *key;

	if (n_len <= 0 || e_len <= 0 || e_len > 8)
		return NULL;
	builder = OSSL_PARAM_BLD_new();
	modulus = BN_bin2bn(n, (int)n_len, NULL);
	exponent = BN_bin2bn(e, (int)e_len, NULL);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
	key = make_key("RSA", builder);
	OSSL_PARAM_BLD_free(builder);
	BN_free(modulus);
	BN_free(exponent);
	return key;
}

static EVP_PKEY *
read_ec(struct json_slice jwk)
{
	uint8_t point[1 + 2 * P256_BYTES] = { POINT_CONVERSION_UNCOMPRESSED };
	OSSL_PARAM_BLD *builder;
	EVP_PKEY *key;

	if (read_bytes(jwk, "x", point + 1, P256_BYTES) != P256_BYTES ||
	    read_bytes(jwk, "y", point + 1 + P256_BYTES, P256_BYTES) !=
		P256_BYTES)
		return NULL;
	builder = OSSL_PARAM_BLD_new();
	OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME,
	    "prime256v1", 0);
	OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	    point, sizeof(point));
	key = make_key("EC", builder);
	OSSL_PARAM_BLD_free(builder);
	return key;
}

static EVP_PKEY *
read_okp(struct json_slice jwk)
{
	uint8_t x[ED25519_BYTES];

	if (read_bytes(jwk, "x", x, sizeof(x)) != sizeof(x))
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x,
	    sizeof(x));
}

/* Why a key may not verify; NULL: it may.  One for another use, and one that
 * gives its private part away, may not. */
static const char *
other_use(struct json_slice jwk)
{
	struct json_slice use = json_member(jwk, "use");
	struct json_slice operations = json_member(jwk, "key_ops"), one;
	const char *cursor = NULL;

	if (json_member(jwk, "d").data != NULL)
		return "its private part is in it";
	if (use.data != NULL && !json_string_is(use, "sig"))
		return "its use is not sig";
	if (operations.data == NULL)
		return NULL;
	while (json_next_element(operations, &cursor, &one))
		if (json_string_is(one, "verify"))
			return NULL;
	return "its key_ops lack verify";
}

static const char *
other_curve(struct json_slice jwk)
{
	struct json_slice curve = json_member(jwk, "crv");
	struct json_slice type = json_member(jwk, "kty");

	if (json_string_is(type, "EC") && !json_string_is(curve, "P-256"))
		return "its curve is not P-256";
	if (json_string_is(type, "OKP") && !json_string_is(curve, "Ed25519"))
		return "its curve is not Ed25519";
	return NULL;
}

static void
read_jwk(struct jwk_set *set, struct json_slice jwk)
{
	struct json_slice type = json_member(jwk, "kty");
	struct json_slice kid = json_member(jwk, "kid");
	struct json_slice alg = json_member(jwk, "alg");
	char kid_text[256] = "", alg_text[16] = "";
	EVP_PKEY *key = NULL;
	const char *why;

	if (kid.data != NULL && !json_unquote(kid, kid_text, sizeof(kid_text)))
		return;
	if (alg.data != NULL && !json_unquote(alg, alg_text, sizeof(alg_text)))
		return;
	if ((why = other_use(jwk)) != NULL ||
	    (why = other_curve(jwk)) != NULL) {
		leave_out(set, kid_text, why);
		return;
	}
	if (json_string_is(type, "RSA"))
		key = read_rsa(jwk);
	else if (json_string_is(type, "EC"))
		key = read_ec(jwk);
	else if (json_string_is(type, "OKP"))
		key = read_okp(jwk);
	add(set, key, kid_text, alg_text);
}

/* A JWKS, or one JWK alone. */
static void
read_jwks(struct jwk_set *set, const char *text, size_t len)
{
	struct json_slice all = { text, len }, keys, one;
	const char *cursor = NULL;

	if (json_scan(text, len, NULL) != JSON_OK)
		return;
	all.data += strspn(text, " \t\r\n");
	all.len -= (size_t)(all.data - text);
	keys = json_member(all, "keys");
	if (keys.data == NULL) {
		read_jwk(set, all);
		return;
	}
	while (json_next_element(keys, &cursor, &one))
		if (*one.data == '{')
			read_jwk(set, one);
}

/* ---- the file ---- */

static char *
read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;

	if (file == NULL)
		return NULL;
	text = calloc(1, JWK_FILE_BYTES_MAX + 1);
	if (text == NULL)
		abort();
	*len = fread(text, 1, JWK_FILE_BYTES_MAX, file);
	fclose(file);
	return text;
}

/* Fill an empty set from its file. */
static const char *
load(struct jwk_set *set)
{
	size_t len = 0;
	char *text = read_file(set->path, &len);

	if (text == NULL)
		return strerror(errno);
	if (text[strspn(text, " \t\r\n")] == '{')
		read_jwks(set, text, len);
	else
		read_pem(set, text, len);
	free(text);
	return set->count > 0 ? NULL : "there is no usable key in it";
}

static bool
has_changed(struct jwk_set *set)
{
	struct stat now;
	bool changed;

	if (stat(set->path, &now) != 0)
		return false;
	changed = now.st_size != set->size ||
	    now.st_mtim.tv_sec != set->changed.tv_sec ||
	    now.st_mtim.tv_nsec != set->changed.tv_nsec;
	set->size = now.st_size;
	set->changed = now.st_mtim;
	return changed;
}

struct jwk_set *
jwk_read(const char *path, const char **error)
{
	struct jwk_set *set = calloc(1, sizeof(*set));

	if (set == NULL)
		abort();
	set->path = strdup(path);
	has_changed(set);
	*error = load(set);
	if (*error == NULL)
		return set;
	jwk_free(set);
	return NULL;
}

void
jwk_free(struct jwk_set *set)
{
	if (set == NULL)
		return;
	clear(set);
	free(set->path);
	free(set);
}

bool
jwk_refresh(struct jwk_set *set, int64_t now_s)
{
	struct jwk_set fresh = { .path = set->path };

	if (now_s >= set->looked_s && now_s < set->looked_s + JWK_LOOK_S)
		return false;
	set->looked_s = now_s;
	if (!has_changed(set) || load(&fresh) != NULL)
		return false;
	clear(set);
	memcpy(set->keys, fresh.keys, sizeof(set->keys));
	set->count = fresh.count;
	memcpy(set->left_out, fresh.left_out, sizeof(set->left_out));
	set->left_out_count = fresh.left_out_count;
	return true;
}

/* ---- signatures ---- */

/* ES256 is r and s, 32 bytes each; OpenSSL wants them in DER. */
static int
ecdsa_der(uint8_t **der, const uint8_t *raw, size_t len)
{
	ECDSA_SIG *pair;
	int der_len;

	if (len != 2 * P256_BYTES)
		return -1;
	pair = ECDSA_SIG_new();
	ECDSA_SIG_set0(pair, BN_bin2bn(raw, P256_BYTES, NULL),
	    BN_bin2bn(raw + P256_BYTES, P256_BYTES, NULL));
	*der = NULL;
	der_len = i2d_ECDSA_SIG(pair, der);
	ECDSA_SIG_free(pair);
	return der_len;
}

static bool
set_padding(EVP_PKEY_CTX *ctx, const char *alg)
{
	if (strcmp(alg, "PS256") != 0)
		return true; /* RSA: PKCS #1 v1.5; others have none */
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
}

static bool
verify_one(const struct jwk *k, const char *alg, const uint8_t *data,
    size_t len, const uint8_t *signature, size_t signature_len)
{
	const EVP_MD *digest = k->kind == JWK_ED25519 ? NULL : EVP_sha256();
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL;
	uint8_t *der = NULL;
	int der_len;
	bool good = false;

	if (k->kind == JWK_P256) {
		der_len = ecdsa_der(&der, signature, signature_len);
		signature = der;
		signature_len = der_len > 0 ? (size_t)der_len : 0;
	}
	if (signature_len > 0 &&
	    EVP_DigestVerifyInit(md, &ctx, digest, NULL, k->key) > 0 &&
	    set_padding(ctx, alg))
		good = EVP_DigestVerify(md, signature, signature_len, data,
			   len) == 1;
	EVP_MD_CTX_free(md);
	OPENSSL_free(der);
	return good;
}

enum jwk_verdict
jwk_verify(const struct jwk_set *set, enum jwk_kind kind, const char *alg,
    const char *kid, const uint8_t *data, size_t len, const uint8_t *signature,
    size_t signature_len)
{
	enum jwk_verdict verdict = JWK_NO_KEY;

	for (size_t i = 0; i < set->count; i++) {
		const struct jwk *k = &set->keys[i];

		if (k->kind != kind ||
		    (k->alg[0] != '\0' && strcmp(k->alg, alg) != 0))
			continue;
		if (kid != NULL && k->kid[0] != '\0' &&
		    strcmp(k->kid, kid) != 0)
			continue;
		verdict = JWK_BAD;
		if (verify_one(k, alg, data, len, signature, signature_len))
			return JWK_GOOD;
	}
	return verdict;
}

const char *
jwk_no_key_text(const struct jwk_set *set, enum jwk_kind kind, const char *alg,
    const char *kid)
{
	static char text[64];

	for (size_t i = 0; i < set->count; i++) {
		const struct jwk *k = &set->keys[i];

		if (kid == NULL || strcmp(k->kid, kid) != 0)
			continue;
		if (k->kind != kind)
			return "it is of another type";
		if (k->alg[0] != '\0' && strcmp(k->alg, alg) != 0) {
			snprintf(text, sizeof(text), "it is for %s", k->alg);
			return text;
		}
	}
	for (size_t i = 0; i < set->left_out_count; i++)
		if (kid == NULL || strcmp(set->left_out[i].kid, kid) == 0)
			return set->left_out[i].why;
	return "there is none";
}
