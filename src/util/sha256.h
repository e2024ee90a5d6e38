/*
 * SHA-256 by OpenSSL, fast for short texts: algorithm and context are fetched
 * once per process.
 */
#ifndef FLORIN_SHA256_H
#define FLORIN_SHA256_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum { SHA256_BYTES = 32 };

/* The digest of all pieces, one after another.  Aborts if OpenSSL has no
 * SHA-256.  Not for several threads. */
void
sha256(uint8_t out[SHA256_BYTES], const struct iovec *pieces, size_t count);

#endif
