/*
 * Signatures of what payment providers send.  Pure: the time is given.
 */
#ifndef FLORIN_SIGNATURE_H
#define FLORIN_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <openssl/types.h>

enum {
	SIGNATURE_TOLERANCE_S = 300, /* between a signed time and ours */
	SIGNATURE_RSA_BITS_MIN = 2048
};

/* Why a signature is not good. */
enum signature_fault {
	SIGNATURE_OK,
	SIGNATURE_MISSING,
	SIGNATURE_FORM, /* not of the form that this provider gives it */
	SIGNATURE_TIME, /* too old, or of the future */
	SIGNATURE_WRONG,
	SIGNATURE_KEY /* no key, or none with this name */
};

const char *signature_fault_text(enum signature_fault fault);

/* Is this decimal text a time (seconds since 1970) near ours? */
enum signature_fault
signature_time(const char *text, size_t len, int64_t now_s);

/* Stripe: "t=1492774577,v1=5257a869...,v1=...", HMAC-SHA256 of "t.body" with
 * the whole secret as it stands ("whsec_" is part of it).  An empty secret
 * refuses everything. */
enum signature_fault
signature_stripe(const char *header, const struct iovec *body,
    const void *secret, size_t secret_len, int64_t now_s);

/* RSA with SHA-256 (PKCS #1 v1.5) over the pieces; the signature is base64 as
 * RFC 4648 section 4 has it, with its padding. */
enum signature_fault signature_rsa(EVP_PKEY *key, const struct iovec *pieces,
    size_t count, const char *base64);

/* Decode base64 with its padding; out needs 3*len/4 bytes.  -1 if the text is
 * not that. */
int64_t signature_base64(uint8_t *out, const char *text, size_t len);

/* Read an RSA public key (PEM, or the one of a PEM certificate) of 2048 bits
 * or more.  NULL and *fault if there is none. */
EVP_PKEY *signature_key(const char *file, const char **fault);

#endif
