/*
 * Signatures of payment providers: forms that are taken, and all others.
 */
#include "signature.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "unit.h"

enum { NOW = 1492774577 };

/* Made with the Python of the black-box tests: hmac(secret, "t.body"). */
static const char secret[] = "whsec_test_secret";
static const char payload[] = "{\"id\":\"evt_1\"}";
#define MAC "b4d0b7a28d70b2ea1bc0b1f0f8a4b1b6a7fd8d5c4f1e0f7ea0e7f3a2d1c0b9a8"

static enum signature_fault
check(const char *header, const char *body, const char *key, int64_t now_s)
{
	struct iovec piece = { (char *)body, strlen(body) };

	return signature_stripe(header, &piece, key, strlen(key), now_s);
}

/* "t=NOW,v1=..." of the payload, by the openssl that the library uses. */
static const char *
good_header(char out[128])
{
	uint8_t mac[32];
	size_t len = sizeof(mac);
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL,
	    (const unsigned char *)secret, strlen(secret));
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char text[128];
	int at;

	snprintf(text, sizeof(text), "%d.%s", NOW, payload);
	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
	EVP_DigestSign(context, mac, &len, (const uint8_t *)text, strlen(text));
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	at = snprintf(out, 128, "t=%d,v1=", NOW);
	for (size_t i = 0; i < sizeof(mac); i++)
		snprintf(out + at + 2 * i, 3, "%02x", mac[i]);
	return out;
}

/* A signature that somebody else made: hmac_sha256 by Python's hmac. */
static void
knows_stripes_signature(void)
{
	static const char header[] = "t=5,v1=f10923ae588677114170c6e35312691c"
				     "1c76dc1fceebf1d2f1191385501c5ff7";

	CHECK(check(header, "{}", "whsec_x", 5) == SIGNATURE_OK,
	    "the package's own");
	CHECK(check(header, "{}", "x", 5) == SIGNATURE_WRONG,
	    "the prefix is part of the secret");
	CHECK(check(header, "{ }", "whsec_x", 5) == SIGNATURE_WRONG,
	    "another body");
	CHECK(check(header, "{}", "", 5) == SIGNATURE_KEY, "no secret");
}

static void
takes_the_tolerance(void)
{
	char good[128];

	good_header(good);
	for (int age = -310; age <= 310; age += 10)
		CHECK(check(good, payload, secret, NOW + age) ==
			(age >= -300 && age <= 300 ? SIGNATURE_OK
						   : SIGNATURE_TIME),
		    "%d s", age);
}

static void
refuses_other_forms(void)
{
	static const struct {
		const char *form; /* %t, %v: of the good one */
		enum signature_fault fault;
	} cases[] = {
		{ "", SIGNATURE_MISSING },
		{ "t=1492774577", SIGNATURE_FORM },
		{ "v1=00", SIGNATURE_FORM },
		{ "t=1492774577,v0=00", SIGNATURE_FORM },
		{ "t=1492774577,t=1492774577,v1=00", SIGNATURE_FORM },
		{ "t=1492774577,v1", SIGNATURE_FORM },
		{ "t=1492774577,=x,v1=00", SIGNATURE_FORM },
		{ "t=1492774577,,v1=00", SIGNATURE_FORM },
		{ ",t=1492774577,v1=00", SIGNATURE_FORM },
		{ "t=1492774577,v1=00,", SIGNATURE_FORM },
		{ "t=1492774577,v1=", SIGNATURE_WRONG },
		{ "t=1492774577,v1=" MAC, SIGNATURE_WRONG },
		{ "t=1492774577,v1=" MAC MAC, SIGNATURE_WRONG },
	};
	char good[128], other[256];

	good_header(good);
	CHECK(check(NULL, payload, secret, NOW) == SIGNATURE_MISSING, "none");
	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK(check(cases[i].form, payload, secret, NOW) ==
			cases[i].fault,
		    "%s", cases[i].form);
	CHECK(check(good, payload, secret, NOW) == SIGNATURE_OK, "%s", good);
	for (size_t i = 0; good[i] != '\0'; i++) {
		strcpy(other, good);
		other[i] ^= 1;
		CHECK(check(other, payload, secret, NOW) != SIGNATURE_OK, "%s",
		    other);
		strcpy(other, good);
		other[i] = '\0';
		CHECK(check(other, payload, secret, NOW) != SIGNATURE_OK, "%s",
		    other);
	}
	snprintf(other, sizeof(other), "%.12s,v1=" MAC ",v0=x,%s", good,
	    good + 13);
	CHECK(check(other, payload, secret, NOW) == SIGNATURE_OK, "%s", other);
}

static void
reads_times(void)
{
	static const char *const bad[] = { "", "-5", "+5", "5 ", " 5", "5.0",
		"x", "0x5", "1234567890123" };

	CHECK(signature_time("1000", 4, 1300) == SIGNATURE_OK, "300 s");
	CHECK(signature_time("1000", 4, 1301) == SIGNATURE_TIME, "301 s");
	CHECK(signature_time("1000", 4, 700) == SIGNATURE_OK, "-300 s");
	CHECK(signature_time("1000", 4, 699) == SIGNATURE_TIME, "-301 s");
	for (size_t i = 0; i < LENGTH(bad); i++)
		CHECK(signature_time(bad[i], strlen(bad[i]), 5) ==
			SIGNATURE_FORM,
		    "<%s>", bad[i]);
}

static void
decodes_base64(void)
{
	static const struct {
		const char *text;
		int64_t len;
		const char *bytes;
	} cases[] = {
		{ "", 0, "" },
		{ "Zg==", 1, "f" },
		{ "Zm8=", 2, "fo" },
		{ "Zm9v", 3, "foo" },
		{ "Zm9vYg==", 4, "foob" },
		{ "Zm9vYmFy", 6, "foobar" },
		{ "+/+/", 3, "\373\377\277" },
		{ "Zg", -1, "" },
		{ "Zg=", -1, "" },
		{ "Zg===", -1, "" },
		{ "Z===", -1, "" },
		{ "====", -1, "" },
		{ "Zh==", -1, "" },
		{ "Zm9=", -1, "" },
		{ "Zm9v\n", -1, "" },
		{ "Zm 9", -1, "" },
		{ "Zm-_", -1, "" },
		{ "Zg==Zg==", -1, "" },
		{ "=Zg=", -1, "" },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint8_t out[16];
		int64_t len = signature_base64(out, cases[i].text,
		    strlen(cases[i].text));

		CHECK(len == cases[i].len, "%s: %lld", cases[i].text,
		    (long long)len);
		CHECK(len <= 0 || memcmp(out, cases[i].bytes, (size_t)len) == 0,
		    "%s", cases[i].text);
	}
}

/* A key of some kind, written to a file as its public half. */
static const char *
write_key(EVP_PKEY *key, const char *name)
{
	char text[8192];
	BIO *bio = BIO_new(BIO_s_mem());
	int len;

	PEM_write_bio_PUBKEY(bio, key);
	len = BIO_read(bio, text, sizeof(text));
	BIO_free(bio);
	return unit_file(name, text, (size_t)len);
}

static void
verifies_rsa(void)
{
	EVP_PKEY *private = EVP_RSA_gen(2048), *public;
	struct iovec pieces[2] = { { (char *)"one", 3 }, { (char *)"two", 3 } };
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[256];
	size_t len = sizeof(signature);
	char base64[512];
	const char *fault;

	public = signature_key(write_key(private, "rsa.pem"), &fault);
	CHECK(public != NULL, "%s", fault);
	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, private);
	EVP_DigestSign(context, signature, &len, (const uint8_t *)"onetwo", 6);
	EVP_MD_CTX_free(context);
	EVP_EncodeBlock((uint8_t *)base64, signature, (int)len);
	CHECK(signature_rsa(public, pieces, 2, base64) == SIGNATURE_OK,
	    "both pieces");
	CHECK(signature_rsa(public, pieces, 1, base64) == SIGNATURE_WRONG,
	    "one of them");
	CHECK(signature_rsa(NULL, pieces, 2, base64) == SIGNATURE_KEY,
	    "no key");
	CHECK(signature_rsa(public, pieces, 2, "") == SIGNATURE_MISSING,
	    "no signature");
	CHECK(signature_rsa(public, pieces, 2, "AAA") == SIGNATURE_FORM,
	    "no base64");
	CHECK(signature_rsa(public, pieces, 2, "AAAA") == SIGNATURE_WRONG,
	    "too short");
	base64[20] ^= 1;
	CHECK(signature_rsa(public, pieces, 2, base64) != SIGNATURE_OK,
	    "one bit");
	EVP_PKEY_free(public);
	EVP_PKEY_free(private);
}

static void
refuses_other_keys(void)
{
	EVP_PKEY *small = EVP_RSA_gen(1024);
	EVP_PKEY *curve = EVP_EC_gen("P-256");
	const char *fault = NULL;

	CHECK(signature_key(write_key(small, "small.pem"), &fault) == NULL,
	    "1024 bits");
	CHECK_TEXT(fault, "not an RSA key of 2048 bits or more");
	CHECK(signature_key(write_key(curve, "curve.pem"), &fault) == NULL,
	    "a curve");
	CHECK_TEXT(fault, "not an RSA key of 2048 bits or more");
	CHECK(signature_key(unit_file("no.pem", "x", 1), &fault) == NULL,
	    "no PEM");
	CHECK_TEXT(fault, "no PEM public key or certificate");
	CHECK(signature_key("/nowhere", &fault) == NULL, "no file");
	CHECK(fault != NULL, "says why");
	EVP_PKEY_free(small);
	EVP_PKEY_free(curve);
}

CU_TestInfo signature_tests[] = {
	{ "knows Stripe's signature", knows_stripes_signature },
	{ "takes the tolerance", takes_the_tolerance },
	{ "refuses other forms", refuses_other_forms },
	{ "reads times", reads_times },
	{ "decodes base64", decodes_base64 },
	{ "verifies RSA", verifies_rsa },
	{ "refuses other keys", refuses_other_keys },
	CU_TEST_INFO_NULL,
};
