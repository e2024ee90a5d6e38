#include "signature.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "secret.h"
#include "util/hex.h"

enum {
	HMAC_BYTES = 32,
	HMAC_DIGITS = 2 * HMAC_BYTES,
	TIME_DIGITS_MAX = 12,
	RSA_BASE64_MAX = 2732, /* of 16384 bits */
	KEY_FILE_BYTES_MAX = 16384
};

const char *
signature_fault_text(enum signature_fault fault)
{
	static const char *const texts[] = {
		[SIGNATURE_OK] = "the signature is good",
		[SIGNATURE_MISSING] = "there is no signature",
		[SIGNATURE_FORM] = "the signature has not its form",
		[SIGNATURE_TIME] = "the signed time is more than 300 s away",
		[SIGNATURE_WRONG] = "the signature does not fit the body",
		[SIGNATURE_KEY] = "there is no key for this signature",
	};

	return texts[fault];
}

enum signature_fault
signature_time(const char *text, size_t len, int64_t now_s)
{
	int64_t value = 0;

	if (len == 0 || len > TIME_DIGITS_MAX)
		return SIGNATURE_FORM;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return SIGNATURE_FORM;
		value = value * 10 + (text[i] - '0');
	}
	return llabs(value - now_s) <= SIGNATURE_TOLERANCE_S ? SIGNATURE_OK
							     : SIGNATURE_TIME;
}

/* The elements of a Stripe-Signature header: its time and how many v1; false
 * if an element has no value, or the time stands there twice. */
static bool
split_stripe(const char *header, struct iovec *time, size_t *v1_count)
{
	const char *p = header;

	*time = (struct iovec){ NULL, 0 };
	*v1_count = 0;
	for (;;) {
		size_t len = strcspn(p, ",");
		const char *equals = memchr(p, '=', len);

		if (equals == NULL || equals == p)
			return false;
		if (equals - p == 1 && *p == 't') {
			if (time->iov_base != NULL)
				return false;
			time->iov_base = (char *)equals + 1;
			time->iov_len = len - 2;
		}
		*v1_count += equals - p == 2 && memcmp(p, "v1", 2) == 0;
		if (p[len] == '\0')
			return time->iov_base != NULL;
		p += len + 1;
	}
}

/* Is one of the v1 these digits?  All are compared, each in constant time. */
static bool
has_v1(const char *header, const char digits[HMAC_DIGITS + 1])
{
	bool found = false;

	for (const char *p = header; *p != '\0';) {
		size_t len = strcspn(p, ",");

		if (len == 3 + HMAC_DIGITS && memcmp(p, "v1=", 3) == 0 &&
		    CRYPTO_memcmp(p + 3, digits, HMAC_DIGITS) == 0)
			found = true;
		p += len + (p[len] == ',');
	}
	return found;
}

static bool
hmac_hex(char out[HMAC_DIGITS + 1], const void *secret, size_t secret_len,
    const struct iovec *time, const struct iovec *body)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL,
	    secret, secret_len);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t mac[HMAC_BYTES];
	size_t len = sizeof(mac);
	bool done = key != NULL && context != NULL &&
	    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestSignUpdate(context, time->iov_base, time->iov_len) == 1 &&
	    EVP_DigestSignUpdate(context, ".", 1) == 1 &&
	    EVP_DigestSignUpdate(context, body->iov_base, body->iov_len) == 1 &&
	    EVP_DigestSignFinal(context, mac, &len) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	if (done)
		hex_encode(out, mac, sizeof(mac));
	return done;
}

enum signature_fault
signature_stripe(const char *header, const struct iovec *body,
    const void *secret, size_t secret_len, int64_t now_s)
{
	char digits[HMAC_DIGITS + 1];
	enum signature_fault fault;
	struct iovec time;
	size_t v1_count;

	if (secret_len == 0)
		return SIGNATURE_KEY;
	if (header == NULL || *header == '\0')
		return SIGNATURE_MISSING;
	if (!split_stripe(header, &time, &v1_count) || v1_count == 0)
		return SIGNATURE_FORM;
	if (!hmac_hex(digits, secret, secret_len, &time, body))
		return SIGNATURE_KEY;
	if (!has_v1(header, digits))
		return SIGNATURE_WRONG;
	/* Only now is the time known to be Stripe's. */
	fault = signature_time(time.iov_base, time.iov_len, now_s);
	return fault;
}

int64_t
signature_base64(uint8_t *out, const char *text, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789+/";
	size_t plain = strspn(text, digits), padding = len - plain, bytes = 0;
	unsigned bits = 0;

	if (len % 4 != 0 || plain > len || padding > 2 ||
	    memcmp(text + plain, "==", padding) != 0)
		return -1;
	for (size_t i = 0; i < plain; i++) {
		bits = bits << 6 | (unsigned)(strchr(digits, text[i]) - digits);
		if (i % 4 > 0)
			out[bytes++] = (uint8_t)(bits >> (6 - i % 4 * 2));
	}
	/* What the last digit has too much must be 0: one text, one value. */
	if (padding > 0 && (bits & (padding == 1 ? 3 : 15)) != 0)
		return -1;
	return (int64_t)bytes;
}

static bool
verify_rsa(EVP_PKEY *key, const struct iovec *pieces, size_t count,
    const uint8_t *signature, size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL &&
	    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1;

	for (size_t i = 0; good && i < count; i++)
		good = EVP_DigestVerifyUpdate(context, pieces[i].iov_base,
			   pieces[i].iov_len) == 1;
	good = good && EVP_DigestVerifyFinal(context, signature, len) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

enum signature_fault
signature_rsa(EVP_PKEY *key, const struct iovec *pieces, size_t count,
    const char *base64)
{
	uint8_t signature[RSA_BASE64_MAX];
	int64_t len;

	if (key == NULL)
		return SIGNATURE_KEY;
	if (base64 == NULL || *base64 == '\0')
		return SIGNATURE_MISSING;
	if (strlen(base64) > RSA_BASE64_MAX)
		return SIGNATURE_FORM;
	len = signature_base64(signature, base64, strlen(base64));
	if (len < 0)
		return SIGNATURE_FORM;
	return verify_rsa(key, pieces, count, signature, (size_t)len)
	    ? SIGNATURE_OK
	    : SIGNATURE_WRONG;
}

static EVP_PKEY *
parse_key(const unsigned char *pem, size_t len)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	EVP_PKEY *key = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL)
				    : NULL;
	X509 *certificate = NULL;

	if (key == NULL && bio != NULL && BIO_reset(bio) == 1)
		certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (certificate != NULL)
		key = X509_get_pubkey(certificate);
	X509_free(certificate);
	BIO_free(bio);
	return key;
}

EVP_PKEY *
signature_key(const char *file, const char **fault)
{
	unsigned char pem[KEY_FILE_BYTES_MAX];
	EVP_PKEY *key;
	size_t len;

	if ((*fault = secret_load(file, pem, sizeof(pem), &len)) != NULL)
		return NULL;
	if ((key = parse_key(pem, len)) == NULL) {
		*fault = "no PEM public key or certificate";
		return NULL;
	}
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
	    EVP_PKEY_get_bits(key) >= SIGNATURE_RSA_BITS_MIN)
		return key;
	*fault = "not an RSA key of 2048 bits or more";
	EVP_PKEY_free(key);
	return NULL;
}
