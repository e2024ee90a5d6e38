/*
 * Tokens, secrets and issuers for the tests of auth.c.
 */
#ifndef FLORIN_UNIT_TOKEN_H
#define FLORIN_UNIT_TOKEN_H

#include <openssl/evp.h>

#include "auth.h"

enum { NOW = 1769817600 };

#define KEY "0123456789abcdef0123456789abcdef"
#define OTHER_KEY "ffffffffffffffffffffffffffffffff"
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define EXP "\"exp\":1769817700"
#define CLAIMS "\"sub\":\"alice\"," EXP

/* "Bearer " and a token that is made here, without the library under test;
 * kept until the next but seven. */
const char *token_of(const EVP_MD *md, const char *key, const char *header,
    const char *payload);

/* The same with KEY and HEADER. */
const char *token(const char *payload);

/* An issuer as the configuration's defaults make it, and its secret in a file
 * of its own, which token_forget forgets. */
struct issuer_config token_issuer(const char *name, const char *key);
void token_forget(struct config *config);

/* Check one header at NOW against a configuration, or that of one issuer. */
enum auth_fault token_check_with(struct config *config, const char *header,
    struct identity *who);
enum auth_fault token_check(const char *header);

#define CHECK_FAULT(fault, expected, what)                            \
	do {                                                          \
		enum auth_fault got = (fault);                        \
		CHECK(got == (expected), "%s: %s, not: %s", what,     \
		    auth_fault_text(expected), auth_fault_text(got)); \
	} while (0)

#endif
