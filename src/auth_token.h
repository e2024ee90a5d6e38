/*
 * A token taken apart and its claims checked: the parts of auth.c that need
 * no keys.
 */
#ifndef FLORIN_AUTH_TOKEN_H
#define FLORIN_AUTH_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "auth.h"
#include "json_scan.h"
#include "jwk.h"

enum { PART_BYTES_MAX = TOKEN_BYTES_MAX * 3 / 4 };

/* What is signed how. */
struct algorithm {
	const char *name;
	enum jwk_kind kind;
	const EVP_MD *(*digest)(void); /* of JWK_SECRET */
	size_t secret_bytes_min;       /* RFC 7518: as long as the digest */
};

/* NULL if there is none of this name. */
const struct algorithm *algorithm_find(const char *name);

/* The texts are those of the token itself. */
struct token {
	const char *text;
	size_t signed_len; /* of the first two parts with their dot */
	const struct algorithm *algorithm;
	bool access_token; /* typ at+jwt */
	bool has_kid;
	char kid[256];
	struct json_slice header, payload;
	size_t signature_len;
	char header_text[PART_BYTES_MAX + 1];
	char payload_text[PART_BYTES_MAX + 1];
	uint8_t signature[PART_BYTES_MAX];
};

/* Take a token of len bytes apart; nothing that libraries could stumble over
 * passes here. */
enum auth_fault token_split(struct token *t, const char *text, size_t len);

/* Check the claims of a token whose signature holds, and fill *who. */
enum auth_fault token_check_claims(const struct token *t,
    const struct issuer_config *config, int64_t now_s, struct identity *who);

/* Is a word in a list that ends with NULL? */
bool token_is_listed(const char *const *list, const char *word);

#endif
