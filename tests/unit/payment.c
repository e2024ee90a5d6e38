/*
 * Payment providers: what is configured, and the facts of a notice.
 */
#include "payment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "config.h"
#include "unit.h"
#include "util/hex.h"

enum { NOW = 1492774577 };

static const char secret[] = "whsec_unit";

static struct payments *
stripe_with(const char *text, size_t len)
{
	struct config config = {
		.providers = { { .name = "stripe",
		    .secret_file = unit_file("stripe", text, len) } },
		.providers_count = 1
	};

	return payments_new(&config);
}

/* A body with the signature that its secret makes; the facts of it. */
static enum payment_verdict
read_stripe(const struct payments *p, const char *body, struct arena *a,
    struct payment_notice *notice)
{
	struct payment_input in = { .body = body,
		.len = strlen(body),
		.now_s = NOW,
		.arena = a };
	size_t mac_len = 32;
	uint8_t mac[32];
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL,
	    (const unsigned char *)secret, strlen(secret));
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char header[128] = "t=1492774577,v1=";

	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
	EVP_DigestSignUpdate(context, "1492774577.", 11);
	EVP_DigestSignUpdate(context, body, strlen(body));
	EVP_DigestSignFinal(context, mac, &mac_len);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	hex_encode(header + strlen(header), mac, sizeof(mac));
	in.signature = header;
	return payment_stripe(p, &in, notice);
}

#define EVENT(type, object)                                                    \
	"{\"id\":\"evt_1\",\"type\":\"" type "\",\"data\":{\"object\":" object \
	"}}"
#define ORDER "\"metadata\":{\"florin_order_id\":\"o1\"}"
#define NONE                                                           \
	"{\"what\":\"none\",\"order_id\":null,\"references\":[],"      \
	"\"aliases\":[],\"currency\":null,\"refund\":null,\"so_far\":" \
	"false}"

static const struct {
	const char *body;
	const char *facts; /* NULL: it cannot be read */
} stripe_cases[] = {
	{ EVENT("checkout.session.completed",
	      "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":"
	      "990,\"currency\":\"cny\",\"payment_intent\":\"pi_1\"," ORDER
	      "}"),
	    "{\"what\":\"paid\",\"order_id\":\"o1\",\"references\":[\"pi_1\","
	    "\"cs_1\"],\"aliases\":[],\"amount\":990,\"currency\":\"CNY\","
	    "\"refund\":null,\"so_far\":false}" },
	{ EVENT("checkout.session.completed",
	      "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":"
	      "990,\"currency\":\"CNY\",\"payment_intent\":null,"
	      "\"invoice\":{\"id\":\"in_1\"},\"subscription\":\"sub_1\"," ORDER
	      "}"),
	    "{\"what\":\"paid\",\"order_id\":\"o1\",\"references\":[\"in_1\","
	    "\"cs_1\"],\"aliases\":[\"sub_1\"],\"amount\":990,\"currency\":"
	    "\"CNY\",\"refund\":null,\"so_far\":false}" },
	{ EVENT("checkout.session.completed",
	      "{\"id\":\"cs_1\",\"payment_status\":\"unpaid\"," ORDER "}"),
	    "{\"what\":\"none\",\"order_id\":\"o1\",\"references\":[],"
	    "\"aliases\":[],\"currency\":null,\"refund\":null,"
	    "\"so_far\":false}" },
	{ EVENT("checkout.session.completed",
	      "{\"id\":\"cs_1\",\"payment_status\":\"paid\"}"),
	    NONE },
	{ EVENT("checkout.session.completed",
	      "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":"
	      "9.90,\"currency\":\"cny\"," ORDER "}"),
	    NULL },
	{ EVENT("checkout.session.completed",
	      "{\"id\":\"cs_1\",\"payment_status\":\"paid\",\"amount_total\":"
	      "990," ORDER "}"),
	    NULL },
	{ EVENT("charge.refunded",
	      "{\"id\":\"ch_1\",\"amount_refunded\":5,\"payment_intent\":"
	      "\"pi_1\"}"),
	    "{\"what\":\"refunded\",\"order_id\":null,\"references\":["
	    "\"pi_1\",\"ch_1\"],\"aliases\":[],\"amount\":5,\"currency\":"
	    "null,\"refund\":\"ch_1\",\"so_far\":true}" },
	{ EVENT("charge.refunded", "{\"id\":\"ch_1\"}"), NULL },
	{ EVENT("charge.dispute.closed",
	      "{\"id\":\"dp_1\",\"amount\":5,\"charge\":\"ch_1\",\"status\":"
	      "\"won\"}"),
	    "{\"what\":\"dispute_won\",\"order_id\":null,\"references\":["
	    "\"ch_1\"],\"aliases\":[],\"amount\":5,\"currency\":null,"
	    "\"refund\":\"dp_1\",\"so_far\":false}" },
	{ EVENT("charge.dispute.closed",
	      "{\"id\":\"dp_1\",\"amount\":5,\"status\":\"lost\"}"),
	    NONE },
	{ EVENT("other", "5"), NONE },
	{ EVENT("other", "{\"id\":\"\\u0022\\n\"}"), NONE },
	{ "{\"id\":\"evt_1\",\"type\":\"charge.refunded\"}", NULL },
	{ "{\"id\":\"evt_1\",\"type\":\"invoice.paid\",\"data\":5}", NONE },
	{ "{\"id\":\"\",\"type\":\"x\"}", NULL },
	{ "{\"type\":\"x\"}", NULL },
	{ "[]", NULL },
	{ "", NULL },
};

static void
reads_stripes_events(void)
{
	struct payments *p = stripe_with(secret, strlen(secret));
	struct arena a = { 0 };

	for (size_t i = 0; i < LENGTH(stripe_cases); i++) {
		struct payment_notice notice = { 0 };
		const char *body = stripe_cases[i].body;
		enum payment_verdict verdict = read_stripe(p, body, &a,
		    &notice);

		CHECK(verdict ==
			(stripe_cases[i].facts ? PAYMENT_GOOD
					       : PAYMENT_UNREADABLE),
		    "%s: %s", body, payment_verdict_text(verdict));
		if (stripe_cases[i].facts != NULL)
			CHECK_TEXT(notice.facts, stripe_cases[i].facts);
		arena_reset(&a);
	}
	arena_free(&a);
	payments_free(p);
}

static void
needs_a_secret(void)
{
	static const struct {
		const char *text;
		enum payment_verdict verdict;
	} cases[] = {
		{ "", PAYMENT_UNCONFIGURED },
		{ "\n", PAYMENT_UNCONFIGURED },
		{ "whsec_unit", PAYMENT_GOOD },
		{ "whsec_unit\n", PAYMENT_GOOD },
		{ "whsec_unit\n\n", PAYMENT_UNSIGNED },
		{ "whsec_other", PAYMENT_UNSIGNED },
	};
	struct config empty = { 0 };
	struct payments *p = payments_new(&empty);
	struct payment_notice notice = { 0 };
	struct payment_input in = { .body = "", .now_s = NOW };
	struct arena a = { 0 };

	in.arena = &a;
	CHECK(read_stripe(p, "{}", &a, &notice) == PAYMENT_UNCONFIGURED,
	    "no section");
	CHECK(payment_alipay(p, &in, &notice) == PAYMENT_UNCONFIGURED,
	    "no section");
	CHECK(payment_wechat(p, &in, &notice) == PAYMENT_UNCONFIGURED,
	    "no section");
	payments_free(p);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		p = stripe_with(cases[i].text, strlen(cases[i].text));
		CHECK(read_stripe(p, EVENT("x", "{}"), &a, &notice) ==
			cases[i].verdict,
		    "%s", cases[i].text);
		payments_free(p);
	}
	arena_free(&a);
}

/* Alipay and WeChat Pay with something missing are off. */
static void
needs_all_of_a_provider(void)
{
	struct config config = { .providers = { { .name = "alipay",
						    .app_id = "1",
						    .seller_id = "2",
						    .public_key_file = "" },
				     { .name = "wechat",
					 .mchid = "1",
					 .appid = "2",
					 .api_v3_key_file = "",
					 .public_keys = { "S=/nowhere" } } },
		.providers_count = 2 };
	struct payments *p = payments_new(&config);
	struct payment_notice notice = { 0 };
	struct payment_input in = { .body = "", .now_s = NOW };
	struct arena a = { 0 };

	in.arena = &a;
	CHECK(payment_alipay(p, &in, &notice) == PAYMENT_UNCONFIGURED,
	    "no key");
	CHECK(payment_wechat(p, &in, &notice) == PAYMENT_UNCONFIGURED,
	    "no key");
	payments_free(p);
	arena_free(&a);
}

static void
reads_decimals(void)
{
	static const struct {
		const char *text;
		int64_t units;
	} cases[] = {
		{ "0", 0 },
		{ "0.01", 1 },
		{ "9.9", 990 },
		{ "9.90", 990 },
		{ "88.88", 8888 },
		{ "100", 10000 },
		{ "007.5", 750 },
		{ "9999999999999.99", 999999999999999 },
		{ "", -1 },
		{ ".", -1 },
		{ ".5", -1 },
		{ "5.", -1 },
		{ "5.123", -1 },
		{ "-5", -1 },
		{ "+5", -1 },
		{ " 5", -1 },
		{ "5 ", -1 },
		{ "5,00", -1 },
		{ "5.0.0", -1 },
		{ "5e2", -1 },
		{ "0x5", -1 },
		{ "12345678901234", -1 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK(payment_decimal(cases[i].text) == cases[i].units,
		    "%s: %lld", cases[i].text,
		    (long long)payment_decimal(cases[i].text));
}

CU_TestInfo payment_tests[] = {
	{ "reads Stripe's events", reads_stripes_events },
	{ "needs a secret", needs_a_secret },
	{ "needs all of a provider", needs_all_of_a_provider },
	{ "reads decimals", reads_decimals },
	CU_TEST_INFO_NULL,
};
