/*
 * Who is asking: a JSON Web Token, guarded before any library sees it.
 *
 * The guard (see the design's list of libjwt traps): at most 8 KiB, two dots,
 * three non-empty canonical base64url parts; own strict read of the header
 * (typ JWT or at+jwt if present, no crit, alg from the issuer's list and
 * fitting the key); a key of at least 32 bytes; after the signature exp
 * (required), nbf, iat, iss, aud with 30 s leeway, no duplicated claims.
 */
#ifndef FLORIN_AUTH_H
#define FLORIN_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

enum { TOKEN_BYTES_MAX = 8192, AUTH_LEEWAY_S = 30, AUTH_CACHE_S = 60 };

enum role { ROLE_NONE, ROLE_USER, ROLE_SERVICE, ROLE_ADMIN };

struct identity {
	enum role role;
	char subject[129];  /* the token's sub: a user id */
	int64_t expires_at; /* unix seconds */
	char issuer[64];    /* name of the issuer's section */
};

/* The check that failed, in the order in which they are made. */
enum auth_fault {
	AUTH_OK,
	AUTH_MISSING, /* no Authorization header */
	AUTH_SCHEME,  /* not "Bearer <token>" */
	AUTH_SIZE,
	AUTH_SEGMENTS, /* not three non-empty parts */
	AUTH_ENCODING, /* not canonical base64url */
	AUTH_HEADER,   /* header is not strict JSON or has bad members */
	AUTH_CRIT,
	AUTH_PAYLOAD,   /* payload is no strict JSON object */
	AUTH_ALGORITHM, /* none, or not allowed for the issuer that iss
	                    names; where it names none: for any issuer */
	AUTH_KEY,       /* no key, or unknown kid */
	AUTH_SIGNATURE,
	AUTH_CLAIMS, /* a claim's type is wrong, or a required one is
	                    absent */
	AUTH_EXPIRED,
	AUTH_NOT_YET, /* nbf or iat in the future */
	AUTH_ISSUER,
	AUTH_AUDIENCE,
	AUTH_SUBJECT, /* sub is no user id */
	AUTH_ROLE     /* role claim of a wrong type */
};
const char *auth_fault_text(enum auth_fault fault);

struct auth;
struct buf;

/* Keys and issuers of a configuration, which must outlive it.  NULL with
 * *error (a static text) if there is no issuer or a key is missing,
 * unreadable or too short.  Not for several threads. */
struct auth *auth_new(const struct config *config, const char **error);
void auth_free(struct auth *auth);

/* Check the value of an Authorization header at unix time now_s.  Verified
 * tokens are cached by their SHA-256 for at most AUTH_CACHE_S and never past
 * exp; a fault is not cached. */
enum auth_fault auth_check(struct auth *auth, const char *header, int64_t now_s,
    struct identity *who);

/* After AUTH_KEY: for each issuer in question a line that says what is wrong
 * with the key that the token names, into out.  The kid stands in it as it
 * came: not to be trusted. */
void auth_explain_key(const struct auth *auth, struct buf *out);

/* How many checks the cache has answered (for metrics and tests). */
unsigned long long auth_cache_hits(const struct auth *auth);

/* "user", "service:<sub>" or "admin:<sub>": the caller as SQL knows it.
 * out needs 140 bytes. */
void auth_caller(char *out, const struct identity *who);

#endif
