/* Rows of the noun "payments", and the notices of payment providers. */
#include <stdio.h>
#include <string.h>

#include "../dispatch.h"
#include "../log.h"
#include "../payment.h"
#include "../reply.h"
#include "../request.h"
#include "../route.h"
#include "../util/buf.h"
#include "../util/hex.h"
#include "../util/utime.h"

/* What the webhooks call: no request reaches these rows by itself. */
extern const struct route payments_routes[];
enum { RECORD, APPLY };

/* ---- notices ---- */

/* A body as a literal of bytea. */
static const char *
bytes_literal(struct arena *a, const char *data, size_t len)
{
	char *text = arena_alloc(a, 2 * len + 3);

	memcpy(text, "\\x", 2);
	hex_encode(text + 2, (const uint8_t *)data, len);
	return text;
}

/* Record it raw, then apply it: two calls of one pipeline, in this order.
 * Both may be run again in doubt: an event is recorded once, and what it
 * brings is once per payment. */
static void
queue_calls(struct request *r, const char *provider,
    const struct payment_notice *notice)
{
	struct call *record = request_calls(r, 2), *apply = record + 1;
	size_t n = 0;

	snprintf(r->caller, sizeof(r->caller), "payment:%s", provider);
	record->route = &payments_routes[RECORD];
	record->rerun = apply->rerun = true;
	record->values[n++] = r->caller;
	record->values[n++] = provider;
	record->values[n++] = notice->event_id;
	record->values[n++] = notice->event_type;
	record->values[n++] = bytes_literal(&r->arena, r->body, r->body_len);
	record->values[n++] = notice->facts;
	apply->route = &payments_routes[APPLY];
	apply->values[0] = r->caller;
	apply->values[1] = provider;
	apply->values[2] = notice->event_id;
}

/* A notice that is not taken: nothing is known of who sent it. */
static enum err
refuse(struct request *r, const char *provider, enum payment_verdict verdict,
    enum signature_fault fault)
{
	const char *why = verdict == PAYMENT_UNSIGNED
	    ? signature_fault_text(fault)
	    : payment_verdict_text(verdict);
	enum err err = verdict == PAYMENT_UNCONFIGURED ? ERR_FORBIDDEN
						       : ERR_INVALID_REQUEST;

	if (verdict != PAYMENT_PROBE)
		log_event(LOG_LEVEL_WARNING, "%s: a notice was refused: %s",
		    provider, why);
	reply_problem(r, err, why, NULL);
	return err;
}

static enum err
start(struct request *r, const char *provider,
    enum payment_verdict (*read)(const struct payments *,
	const struct payment_input *, struct payment_notice *),
    struct payment_input *in)
{
	struct payment_notice notice = { 0 };
	enum payment_verdict verdict;

	in->body = r->body;
	in->len = r->body_len;
	in->now_s = time_unix_us() / 1000000;
	in->arena = &r->arena;
	verdict = read(dispatch_current()->payments, in, &notice);
	if (verdict != PAYMENT_GOOD)
		return refuse(r, provider, verdict, notice.fault);
	queue_calls(r, provider, &notice);
	return ERR_NONE;
}

/* The second call's answer, if the first one did its work. */
static enum err
finish(struct request *r)
{
	return reply_call(r,
	    r->calls[0].state == CALL_ANSWERED ? &r->calls[1] : &r->calls[0]);
}

static enum err
start_stripe(struct request *r)
{
	struct payment_input in = { .signature = r->params.stripe_signature };

	return start(r, "stripe", payment_stripe, &in);
}

/* Alipay reads one word, and only the word. */
static enum err
answer_alipay(struct request *r, enum err err)
{
	reply_text(r, "text/plain", err == ERR_NONE ? "success" : "fail");
	return err;
}

static enum err
start_alipay(struct request *r)
{
	struct payment_input in = { 0 };
	enum err err = start(r, "alipay", payment_alipay, &in);

	return err == ERR_NONE ? err : answer_alipay(r, err);
}

static enum err
finish_alipay(struct request *r)
{
	return answer_alipay(r, finish(r));
}

/* WeChat reads the status, and shows the message to the merchant. */
static enum err
answer_wechat(struct request *r, enum err err)
{
	int status = r->reply.status;

	if (err == ERR_NONE)
		reply_json(r, 200, "{\"code\":\"SUCCESS\"}");
	else
		reply_json(r, status,
		    arena_printf(&r->arena,
			"{\"code\":\"FAIL\",\"message\":\"%s\"}",
			error_row(err)->code));
	return err;
}

static enum err
start_wechat(struct request *r)
{
	struct payment_input in = {
		.signature = r->params.wechat_signature,
		.timestamp = r->params.wechat_timestamp,
		.nonce = r->params.wechat_nonce,
		.serial = r->params.wechat_serial,
	};
	enum err err = start(r, "wechat", payment_wechat, &in);

	return err == ERR_NONE ? err : answer_wechat(r, err);
}

static enum err
finish_wechat(struct request *r)
{
	return answer_wechat(r, finish(r));
}

static const struct handler handle_stripe = { start_stripe, finish };
static const struct handler handle_alipay = { start_alipay, finish_alipay };
static const struct handler handle_wechat = { start_wechat, finish_wechat };

/* ---- rows ---- */

#define F_ORDER_ID                                             \
	{                                                      \
		"order_id", FIELD_ID, IN_PATH, true, 1, 128, 0 \
	}
#define F_PROVIDER(in)                                     \
	{                                                  \
		"provider", FIELD_NAME, in, true, 1, 64, 0 \
	}
#define F_CURRENCY(required)                                           \
	{                                                              \
		"currency", FIELD_CURRENCY, IN_BODY, required, 3, 3, 0 \
	}

const struct route payments_routes[] = {
	[RECORD] = { "POST", "record_notice", 0, ROUTE_INTERNAL, NULL,
	    "florin_api.record_notice", NULL, NULL,
	    { F_PROVIDER(IN_BODY),
		{ "event_id", FIELD_TEXT, IN_BODY, true, 1, 255, 0 },
		{ "event_type", FIELD_TEXT, IN_BODY, true, 1, 255, 0 },
		{ "raw", FIELD_BYTES, IN_BODY, true, 0, 0, 0 },
		{ "facts", FIELD_OBJECT, IN_BODY, true, 0, 0, 0 } } },

	[APPLY] = { "POST", "apply_notice", 0, ROUTE_INTERNAL, NULL,
	    "florin_api.apply_notice", NULL, NULL,
	    { F_PROVIDER(IN_BODY),
		{ "event_id", FIELD_TEXT, IN_BODY, true, 1, 255, 0 } } },

	{ "GET", "/api/credits/packages", WHO_ANYONE, 0, &handle_call,
	    "florin_api.list_packages", "package_list", "", { F_LIST } },

	{ "POST", "/api/payments/orders", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED | ROUTE_BULK,
	    &handle_call, "florin_api.create_order", "201 order_created",
	    "user_not_found unknown_package unknown_plan members_only "
	    "idempotency_key_reused already_done invalid_request",
	    { { "package_id", FIELD_NAME, IN_BODY, false, 1, 64, 0 },
		{ "plan", FIELD_NAME, IN_BODY, false, 1, 64, 0 },
		{ "period", FIELD_CHOICE, IN_BODY, false, 0, 0,
		    "monthly|yearly" },
		F_PROVIDER(IN_BODY), F_CURRENCY(false) } },

	{ "GET", "/api/payments/orders", WHO_ALL, ROUTE_SCOPED | ROUTE_BULK,
	    &handle_call, "florin_api.list_orders", "order_list",
	    "user_not_found invalid_request",
	    { { "status", FIELD_CHOICE, IN_QUERY, false, 0, 0, ORDER_STATUSES },
		{ "from", FIELD_TIME, IN_QUERY, false, 0, 0, 0 },
		{ "to", FIELD_TIME, IN_QUERY, false, 0, 0, 0 }, F_LIST } },

	{ "GET", "/api/payments/orders/{order_id}", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_BULK, &handle_call, "florin_api.get_order",
	    "order", "user_not_found not_found", { F_ORDER_ID } },

	{ "POST", "/api/payments/orders/{order_id}/cancel", WHO_ALL,
	    ROUTE_SCOPED | ROUTE_AUDITED | ROUTE_RERUN | ROUTE_BULK,
	    &handle_call, "florin_api.cancel_order", "order",
	    "user_not_found not_found order_closed", { F_ORDER_ID } },

	{ "POST", "/api/payments/orders/{order_id}/complete", WHO_SERVICE,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED | ROUTE_BULK,
	    &handle_call, "florin_api.complete_order", "order_completed",
	    "user_not_found not_found order_closed payment_mismatch "
	    "idempotency_key_reused already_done",
	    { F_ORDER_ID,
		{ "provider_reference", FIELD_ID, IN_BODY, true, 1, 255, 0 },
		F_AMOUNT, F_CURRENCY(true) } },

	{ "POST", "/api/payments/orders/{order_id}/refund",
	    WHO_SERVICE | WHO_ADMIN,
	    ROUTE_SCOPED | ROUTE_KEY_REQUIRED | ROUTE_AUDITED | ROUTE_BULK,
	    &handle_call, "florin_api.refund_order", "order_refunded",
	    "user_not_found not_found order_not_refundable "
	    "idempotency_key_reused already_done",
	    { F_ORDER_ID,
		{ "amount", FIELD_INT, IN_BODY, false, 1, AMOUNT_MAX, 0 },
		F_REASON } },

	{ "POST", "/api/payments/webhooks/stripe", WHO_ANYONE,
	    ROUTE_RAW | ROUTE_BULK, &handle_stripe, NULL, "webhook_answer",
	    "forbidden not_found payment_mismatch", { { 0 } } },

	{ "POST", "/api/payments/webhooks/alipay", WHO_ANYONE,
	    ROUTE_RAW | ROUTE_BULK, &handle_alipay, NULL, "text", "",
	    { { 0 } } },

	{ "POST", "/api/payments/webhooks/wechat", WHO_ANYONE,
	    ROUTE_RAW | ROUTE_BULK, &handle_wechat, NULL, "webhook_code",
	    "not_found payment_mismatch", { { 0 } } },

	{ 0 },
};
