/*
 * WeChat Pay, API v3: signed envelopes whose resource is encrypted.
 */
#include <string.h>

#include <openssl/evp.h>

#include "payment.h"

enum { NONCE_BYTES = 12, TAG_BYTES = 16 };

/* WeChat sends wrong signatures on purpose, to see that they are refused. */
#define PROBE "WECHATPAY/SIGNTEST/"

static EVP_PKEY *
find_key(const struct payments *p, const char *serial)
{
	for (size_t i = 0; serial != NULL && i < p->wechat.keys_count; i++)
		if (strlen(serial) == p->wechat.keys[i].serial_len &&
		    memcmp(serial, p->wechat.keys[i].serial,
			p->wechat.keys[i].serial_len) == 0)
			return p->wechat.keys[i].key;
	return NULL;
}

/* "timestamp\nnonce\nbody\n" */
static enum signature_fault
check_signature(const struct payments *p, const struct payment_input *in)
{
	EVP_PKEY *key = find_key(p, in->serial);
	enum signature_fault fault;
	struct iovec pieces[6];

	if (in->signature == NULL || in->timestamp == NULL ||
	    in->nonce == NULL || in->serial == NULL)
		return SIGNATURE_MISSING;
	if (key == NULL)
		return SIGNATURE_KEY;
	pieces[0] = (struct iovec){ (char *)in->timestamp,
		strlen(in->timestamp) };
	pieces[2] = (struct iovec){ (char *)in->nonce, strlen(in->nonce) };
	pieces[4] = (struct iovec){ (char *)in->body, in->len };
	pieces[1] = pieces[3] = pieces[5] = (struct iovec){ (char *)"\n", 1 };
	fault = signature_rsa(key, pieces, 6, in->signature);
	if (fault != SIGNATURE_OK)
		return fault;
	return signature_time(in->timestamp, strlen(in->timestamp), in->now_s);
}

struct sealed {
	const uint8_t *text; /* with the tag at its end */
	size_t len;
	const char *nonce, *data;
	size_t data_len;
};

/* AES-256-GCM; false if the tag does not fit. */
static bool
open_sealed(const struct sealed *s, const unsigned char *key, char *out)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	size_t len = s->len - TAG_BYTES;
	int n = 0;
	bool good = context != NULL &&
	    EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key,
		(const unsigned char *)s->nonce) == 1 &&
	    EVP_DecryptUpdate(context, NULL, &n, (const unsigned char *)s->data,
		(int)s->data_len) == 1 &&
	    EVP_DecryptUpdate(context, (unsigned char *)out, &n, s->text,
		(int)len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_BYTES,
		(void *)(s->text + len)) == 1 &&
	    EVP_DecryptFinal_ex(context, (unsigned char *)out + n, &n) == 1;

	EVP_CIPHER_CTX_free(context);
	out[len] = '\0';
	return good;
}

/* The bytes of a JSON string of any length, NULL if it is none. */
static char *
long_text(struct arena *a, struct json_slice value)
{
	char *text;

	if (value.data == NULL || *value.data != '"')
		return NULL;
	text = arena_alloc(a, value.len);
	return json_unquote(value, text, value.len) ? text : NULL;
}

/* Decrypt a notice's resource: the JSON object in it, data NULL if it is not
 * what it should be. */
static struct json_slice
open_resource(const struct payments *p, struct arena *a,
    struct json_slice resource)
{
	static const struct json_slice none = { NULL, 0 };
	char *base64 = long_text(a, json_member(resource, "ciphertext"));
	char *data = long_text(a, json_member(resource, "associated_data"));
	struct sealed s = { 0 };
	uint8_t *bytes;
	int64_t len;
	char *text;

	s.nonce = payment_member(a, resource, "nonce");
	if (base64 == NULL || s.nonce == NULL ||
	    strlen(s.nonce) != NONCE_BYTES ||
	    !json_string_is(json_member(resource, "algorithm"),
		"AEAD_AES_256_GCM"))
		return none;
	bytes = arena_alloc(a, strlen(base64) + 1);
	len = signature_base64(bytes, base64, strlen(base64));
	if (len < TAG_BYTES)
		return none;
	s.text = bytes;
	s.len = (size_t)len;
	s.data = data != NULL ? data : "";
	s.data_len = strlen(s.data);
	text = arena_alloc(a, s.len + 1);
	if (!open_sealed(&s, p->wechat.api_key, text) ||
	    json_scan_deep(text, s.len - TAG_BYTES, PAYMENT_JSON_DEPTH, NULL) !=
		JSON_OK)
		return none;
	return (struct json_slice){ text, s.len - TAG_BYTES };
}

static bool
is(struct arena *a, struct json_slice object, const char *name,
    const char *value)
{
	const char *have = payment_member(a, object, name);

	return have != NULL && strcmp(have, value) == 0;
}

/* TRANSACTION.SUCCESS */
static void
read_trade(struct arena *a, struct json_slice trade,
    struct payment_facts *facts)
{
	struct json_slice amount = json_member(trade, "amount");

	if (!is(a, trade, "trade_state", "SUCCESS"))
		return;
	facts->what = "paid";
	facts->amount = payment_integer(amount, "total");
	facts->currency = payment_member(a, amount, "currency");
}

/* REFUND.SUCCESS: each refund has an id of its own. */
static void
read_refund(struct arena *a, struct json_slice refund,
    struct payment_facts *facts)
{
	if (!is(a, refund, "refund_status", "SUCCESS"))
		return;
	facts->what = "refunded";
	facts->amount = payment_integer(json_member(refund, "amount"),
	    "refund");
	facts->currency = "CNY";
	facts->refund = payment_member(a, refund, "refund_id");
}

/* What an opened resource says: a trade names the app, a refund only the
 * merchant. */
static enum payment_verdict
read_resource(const struct payments *p, struct arena *a, const char *type,
    struct json_slice resource, struct payment_facts *facts)
{
	bool is_refund = strncmp(type, "REFUND.", 7) == 0;

	if (!is(a, resource, "mchid", p->wechat.mchid) ||
	    (!is_refund && !is(a, resource, "appid", p->wechat.appid)))
		return PAYMENT_FOREIGN;
	facts->order_id = payment_member(a, resource, "out_trade_no");
	facts->references[0] = payment_member(a, resource, "transaction_id");
	if (is_refund)
		read_refund(a, resource, facts);
	else if (strcmp(type, "TRANSACTION.SUCCESS") == 0)
		read_trade(a, resource, facts);
	if (strcmp(facts->what, "none") == 0)
		return PAYMENT_GOOD;
	return facts->order_id != NULL && facts->references[0] != NULL &&
		facts->amount >= 0 && facts->currency != NULL &&
		(!is_refund || facts->refund != NULL)
	    ? PAYMENT_GOOD
	    : PAYMENT_UNREADABLE;
}

enum payment_verdict
payment_wechat(const struct payments *payments, const struct payment_input *in,
    struct payment_notice *notice)
{
	struct payment_facts facts = { .what = "none", .amount = -1 };
	struct json_slice envelope = { in->body, in->len }, resource;
	enum payment_verdict verdict;

	if (payments->wechat.api_key_len == 0)
		return PAYMENT_UNCONFIGURED;
	if (in->signature != NULL &&
	    strncmp(in->signature, PROBE, sizeof(PROBE) - 1) == 0)
		return PAYMENT_PROBE;
	notice->fault = check_signature(payments, in);
	if (notice->fault != SIGNATURE_OK)
		return PAYMENT_UNSIGNED;
	if (json_scan_deep(in->body, in->len, PAYMENT_JSON_DEPTH, NULL) !=
	    JSON_OK)
		return PAYMENT_UNREADABLE;
	notice->event_id = payment_member(in->arena, envelope, "id");
	notice->event_type = payment_member(in->arena, envelope, "event_type");
	resource = json_member(envelope, "resource");
	if (notice->event_id == NULL || notice->event_type == NULL ||
	    resource.data == NULL)
		return PAYMENT_UNREADABLE;
	resource = open_resource(payments, in->arena, resource);
	if (resource.data == NULL)
		return PAYMENT_UNREADABLE;
	verdict = read_resource(payments, in->arena, notice->event_type,
	    resource, &facts);
	notice->facts = payment_facts_json(in->arena, &facts);
	return verdict;
}
