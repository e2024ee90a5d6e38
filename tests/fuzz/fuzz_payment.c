/*
 * Notices of payment providers.  By the first byte: '{' is an event of
 * Stripe's, well signed; 't' a Stripe-Signature header, which nobody guesses;
 * 'W' what a WeChat envelope holds, sealed and signed; '=' base64; all else a
 * form of Alipay's, whose signature nobody guesses either.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "config.h"
#include "payment.h"
#include "util/buf.h"
#include "util/hex.h"

enum { NOW = 1769817600, NONCE_BYTES = 12, TAG_BYTES = 16 };

static const char secret[] = "whsec_fuzz";
static const char api_key[] = "0123456789abcdef0123456789abcdef";
static EVP_PKEY *rsa;

static const char *
memory_file(const char *data, size_t len, const char *before)
{
	static char paths[4][64];
	static size_t count;
	int fd = memfd_create("secret", 0);

	MUST(write(fd, data, len) == (ssize_t)len);
	snprintf(paths[count], sizeof(paths[count]), "%s/proc/self/fd/%d",
	    before, fd);
	return paths[count++];
}

static const char *
public_file(const char *before)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char pem[4096];
	int len;

	MUST(PEM_write_bio_PUBKEY(bio, rsa) == 1);
	len = BIO_read(bio, pem, sizeof(pem));
	BIO_free(bio);
	return memory_file(pem, (size_t)len, before);
}

static const struct payments *
make_payments(void)
{
	static struct config config = {
		.providers = { { .name = "stripe" },
		    { .name = "alipay", .app_id = "app", .seller_id = "me" },
		    { .name = "wechat", .mchid = "me", .appid = "app" } },
		.providers_count = 3
	};

	MUST((rsa = EVP_RSA_gen(2048)) != NULL);
	config.providers[0].secret_file = memory_file(secret,
	    sizeof(secret) - 1, "");
	config.providers[1].public_key_file = public_file("");
	config.providers[2].api_v3_key_file = memory_file(api_key, 32, "");
	config.providers[2].public_keys[0] = public_file("S=");
	return payments_new(&config);
}

static void
stripe_header(char out[128], const char *body, size_t len)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL,
	    (const uint8_t *)secret, sizeof(secret) - 1);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t mac[32];
	size_t mac_len = sizeof(mac);
	int at = snprintf(out, 128, "t=%d,v1=", NOW);

	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
	EVP_DigestSignUpdate(context, "1769817600.", 11);
	EVP_DigestSignUpdate(context, body, len);
	EVP_DigestSignFinal(context, mac, &mac_len);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	hex_encode(out + at, mac, sizeof(mac));
}

/* The facts of a good notice are strict JSON with a known word. */
static void
must_be_facts(const struct payment_notice *notice)
{
	static const char *const words[] = { "none", "paid", "renewed",
		"refunded", "disputed", "dispute_won" };
	struct json_slice facts = { notice->facts, strlen(notice->facts) };
	bool known = false;

	MUST(json_scan(facts.data, facts.len, NULL) == JSON_OK);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		known |= json_string_is(json_member(facts, "what"), words[i]);
	MUST(known);
	MUST(strlen(notice->event_id) <= PAYMENT_NAME_BYTES_MAX);
}

static void
seal(struct buf *out, const char *text, size_t len)
{
	static const uint8_t nonce[] = "123456789012";
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t *sealed = malloc(len + TAG_BYTES);
	char *base64 = malloc(4 * (len + TAG_BYTES + 3) / 3 + 4);
	int n;

	EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL,
	    (const uint8_t *)api_key, nonce);
	EVP_EncryptUpdate(context, sealed, &n, (const uint8_t *)text, (int)len);
	EVP_EncryptFinal_ex(context, sealed + n, &n);
	EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES,
	    sealed + len);
	EVP_CIPHER_CTX_free(context);
	EVP_EncodeBlock((uint8_t *)base64, sealed, (int)len + TAG_BYTES);
	buf_printf(out,
	    "{\"id\":\"e\",\"event_type\":\"%s\",\"resource\":{"
	    "\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"%s\","
	    "\"ciphertext\":\"%s\"}}",
	    len % 2 ? "TRANSACTION.SUCCESS" : "REFUND.SUCCESS", nonce, base64);
	free(base64);
	free(sealed);
}

static void
rsa_sign(char out[512], const struct buf *body)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t signature[256];
	size_t len = sizeof(signature);

	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, rsa);
	EVP_DigestSignUpdate(context, "1769817600\nx\n", 13);
	EVP_DigestSignUpdate(context, body->data, body->len);
	EVP_DigestSignUpdate(context, "\n", 1);
	MUST(EVP_DigestSignFinal(context, signature, &len) == 1);
	EVP_MD_CTX_free(context);
	EVP_EncodeBlock((uint8_t *)out, signature, (int)len);
}

static void
try_wechat(const struct payments *p, struct payment_input *in,
    struct payment_notice *notice)
{
	struct buf body = { 0 };
	char signature[512];

	seal(&body, in->body + 1, in->len - 1);
	rsa_sign(signature, &body);
	in->body = body.data;
	in->len = body.len;
	in->signature = signature;
	in->timestamp = "1769817600";
	in->nonce = "x";
	in->serial = "S";
	if (payment_wechat(p, in, notice) == PAYMENT_GOOD)
		must_be_facts(notice);
	MUST(notice->fault == SIGNATURE_OK);
	buf_free(&body);
}

static void
try_base64(const char *text, size_t len)
{
	uint8_t *bytes = malloc(len + 1);
	char *again = malloc(len + 4);
	int64_t n = strlen(text) == len ? signature_base64(bytes, text, len)
					: -1;

	if (n > 0) {
		EVP_EncodeBlock((uint8_t *)again, bytes, (int)n);
		MUST(strcmp(again, text) == 0);
	}
	free(again);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct payments *p;
	struct payment_notice notice = { 0 };
	struct arena arena = { 0 };
	char *text = text_of(data, size), header[128];
	struct payment_input in = { .body = text,
		.len = size,
		.now_s = NOW,
		.arena = &arena };

	if (p == NULL)
		p = make_payments();
	if (*text == '{') {
		stripe_header(header, text, size);
		in.signature = header;
		if (payment_stripe(p, &in, &notice) == PAYMENT_GOOD)
			must_be_facts(&notice);
		MUST(notice.fault == SIGNATURE_OK);
	} else if (*text == 't') {
		in.signature = text;
		MUST(payment_stripe(p, &in, &notice) == PAYMENT_UNSIGNED);
	} else if (*text == 'W') {
		try_wechat(p, &in, &notice);
	} else if (*text == '=') {
		try_base64(text + 1, size - 1);
	} else {
		MUST(payment_alipay(p, &in, &notice) == PAYMENT_UNSIGNED);
	}
	arena_free(&arena);
	free(text);
	return 0;
}
