/*
 * Public keys of token issuers: from a PEM file (a public key or a
 * certificate) or a JWKS (RFC 7517), parsed once, one EVP_PKEY a key.  Files
 * are looked at again every few seconds: keys rotate without a restart.
 */
#ifndef FLORIN_JWK_H
#define FLORIN_JWK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JWK_KEYS_MAX = 32, JWK_FILE_BYTES_MAX = 256 * 1024, JWK_LOOK_S = 2 };

/* What a key is for; each signs by its algorithms only. */
enum jwk_kind {
	JWK_SECRET, /* HS256 ...: no key of ours, an issuer's secret */
	JWK_RSA,    /* RS256, PS256; at least 2048 bits */
	JWK_P256,   /* ES256 */
	JWK_ED25519 /* EdDSA */
};

struct jwk_set;

/* Read a file.  NULL with *error (static text) if it cannot be read or holds
 * no usable key; keys of other kinds or for another use (use=enc, too short,
 * with private parts) are left out. */
struct jwk_set *jwk_read(const char *path, const char **error);
void jwk_free(struct jwk_set *set);

/* Look whether the file has changed, at most once in JWK_LOOK_S seconds
 * (now_s: unix time).  True if the keys are new; a file that is bad now
 * leaves the old ones. */
bool jwk_refresh(struct jwk_set *set, int64_t now_s);

enum jwk_verdict { JWK_GOOD, JWK_BAD, JWK_NO_KEY };

/* Verify a signature over data by algorithm `alg` ("RS256" ...).  kid NULL:
 * every key of the kind is tried; otherwise that key, or a key that came
 * without a kid (PEM). */
enum jwk_verdict jwk_verify(const struct jwk_set *set, enum jwk_kind kind,
    const char *alg, const char *kid, const uint8_t *data, size_t len,
    const uint8_t *signature, size_t signature_len);

/* Why JWK_NO_KEY was the verdict: what is wrong with the key of this kid. */
const char *jwk_no_key_text(const struct jwk_set *set, enum jwk_kind kind,
    const char *alg, const char *kid);

#endif
