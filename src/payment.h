/*
 * What payment providers tell us: a signature that is checked to the letter,
 * then the facts of the notice, in one form for all providers.  Nothing here
 * knows of HTTP or the database.
 */
#ifndef FLORIN_PAYMENT_H
#define FLORIN_PAYMENT_H

#include <stddef.h>
#include <stdint.h>

#include "json_scan.h"
#include "signature.h"
#include "util/arena.h"

struct config;
struct payments;

/* Keys of all providers that are configured.  Never NULL: what cannot be
 * loaded is logged, and that provider refuses everything. */
struct payments *payments_new(const struct config *config);
void payments_free(struct payments *payments);

/* What came.  Absent headers are NULL. */
struct payment_input {
	const char *body; /* as it came, with a NUL after it */
	size_t len;
	const char *signature, *timestamp, *nonce, *serial;
	int64_t now_s; /* real time: never the test clock */
	struct arena *arena;
};

enum payment_verdict {
	PAYMENT_GOOD,
	PAYMENT_UNCONFIGURED,
	PAYMENT_UNSIGNED,   /* the signature is not good: see fault */
	PAYMENT_PROBE,      /* a wrong signature that was sent on purpose */
	PAYMENT_UNREADABLE, /* signed, and yet not what the provider sends */
	PAYMENT_FOREIGN     /* signed, and meant for another merchant */
};

const char *payment_verdict_text(enum payment_verdict verdict);

/* What a notice says, as florin_api.record_notice takes it. */
struct payment_notice {
	const char *event_id, *event_type;
	const char *facts; /* JSON: sql/core/apply_notice.sql names them */
	enum signature_fault fault;
};

/* Check and read one notice; its texts are the arena's. */
enum payment_verdict payment_stripe(const struct payments *payments,
    const struct payment_input *in, struct payment_notice *notice);
enum payment_verdict payment_alipay(const struct payments *payments,
    const struct payment_input *in, struct payment_notice *notice);
enum payment_verdict payment_wechat(const struct payments *payments,
    const struct payment_input *in, struct payment_notice *notice);

/* ---- shared by the providers ---- */

enum {
	PAYMENT_SECRET_BYTES_MAX = 512,
	PAYMENT_KEYS_MAX = 8,
	PAYMENT_JSON_DEPTH = 40, /* Stripe nests deeper than our clients */
	PAYMENT_NAME_BYTES_MAX = 255
};

struct payments {
	struct {
		unsigned char secret[PAYMENT_SECRET_BYTES_MAX];
		size_t secret_len; /* 0: not configured */
	} stripe;
	struct {
		const char *app_id, *seller_id;
		EVP_PKEY *key; /* NULL: not configured */
	} alipay;
	struct {
		const char *mchid, *appid;
		unsigned char api_key[PAYMENT_SECRET_BYTES_MAX];
		size_t api_key_len; /* 32, or 0: not configured */
		struct {
			const char *serial; /* up to its '=' */
			size_t serial_len;
			EVP_PKEY *key;
		} keys[PAYMENT_KEYS_MAX];
		size_t keys_count;
	} wechat;
};

/* The facts of a notice; absent ones are NULL, an absent amount is -1. */
struct payment_facts {
	const char *what; /* "none" if nothing follows from the notice */
	const char *order_id;
	const char *references[3], *aliases[1];
	int64_t amount;
	const char *currency;
	const char *refund;
	int so_far;
};

const char *
payment_facts_json(struct arena *a, const struct payment_facts *facts);

/* The text of a JSON string, NULL if it is none, empty or too long. */
const char *payment_text(struct arena *a, struct json_slice value);

/* The same of a member of an object. */
const char *
payment_member(struct arena *a, struct json_slice object, const char *name);

/* The integer of a member, -1 if it is none or negative. */
int64_t payment_integer(struct json_slice object, const char *name);

/* Minor units of a decimal with at most two digits after its point ("88.8"
 * is 8880), -1 if it is not that. */
int64_t payment_decimal(const char *text);

#endif
