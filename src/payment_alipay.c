/*
 * Alipay: asynchronous notices, RSA2.
 */
#include <stdlib.h>
#include <string.h>

#include "payment.h"
#include "util/buf.h"
#include "util/text.h"

enum { PAIRS_MAX = 128 };

struct pair {
	const char *name, *value;
};

struct form {
	struct pair pairs[PAIRS_MAX];
	size_t count;
};

/* Decode what stands before the next '&', in place; false if it is not well
 * encoded. */
static bool
decode_pair(char *text, struct pair *pair)
{
	char *equals = strchr(text, '=');

	if (equals == NULL || equals == text)
		return false;
	*equals = '\0';
	pair->name = text;
	pair->value = equals + 1;
	return text_percent_decode(text, strlen(text), true) >= 0 &&
	    text_percent_decode(equals + 1, strlen(equals + 1), true) >= 0 &&
	    text_code_points(pair->value, strlen(pair->value)) >= 0;
}

static int
compare_names(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* The pairs of a form, decoded once, sorted by the bytes of their names; a
 * name that stands there twice is no form of Alipay's. */
static bool
parse_form(struct arena *a, const char *body, size_t len, struct form *form)
{
	char *text = arena_copy(a, body, len), *rest = text, *part;

	form->count = 0;
	if (memchr(body, '\0', len) != NULL)
		return false;
	while ((part = strsep(&rest, "&")) != NULL)
		if (form->count == PAIRS_MAX ||
		    !decode_pair(part, &form->pairs[form->count++]))
			return false;
	qsort(form->pairs, form->count, sizeof(*form->pairs), compare_names);
	for (size_t i = 1; i < form->count; i++)
		if (compare_names(&form->pairs[i - 1], &form->pairs[i]) == 0)
			return false;
	return true;
}

static const char *
value_of(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->pairs[i].name, name) == 0)
			return form->pairs[i].value;
	return NULL;
}

static bool
is(const struct form *form, const char *name, const char *value)
{
	const char *have = value_of(form, name);

	return have != NULL && strcmp(have, value) == 0;
}

/* "a=1&b=2" of all pairs but the signature's own. */
static void
signed_text(struct buf *out, const struct form *form, bool with_type)
{
	buf_reset(out);
	buf_adds(out, "");
	for (size_t i = 0; i < form->count; i++) {
		const struct pair *pair = &form->pairs[i];

		if (strcmp(pair->name, "sign") == 0 ||
		    (strcmp(pair->name, "sign_type") == 0 && !with_type))
			continue;
		buf_printf(out, "%s%s=%s", out->len > 0 ? "&" : "", pair->name,
		    pair->value);
	}
}

/* Some notices are signed without sign_type, some with it. */
static enum signature_fault
check_signature(EVP_PKEY *key, const struct form *form)
{
	enum signature_fault fault = SIGNATURE_WRONG;
	struct buf text = { 0 };

	if (value_of(form, "sign_type") != NULL &&
	    !is(form, "sign_type", "RSA2"))
		return SIGNATURE_FORM;
	for (int i = 0; i < 2 && fault == SIGNATURE_WRONG; i++) {
		struct iovec piece;

		signed_text(&text, form, i == 1);
		piece = (struct iovec){ text.data, text.len };
		fault = signature_rsa(key, &piece, 1, value_of(form, "sign"));
	}
	buf_free(&text);
	return fault;
}

/* refund_fee is all that went back up to now. */
static void
read_form(const struct form *form, struct payment_facts *facts)
{
	const char *back = value_of(form, "refund_fee");
	bool is_paid = is(form, "trade_status", "TRADE_SUCCESS") ||
	    is(form, "trade_status", "TRADE_FINISHED");

	facts->order_id = value_of(form, "out_trade_no");
	facts->references[0] = value_of(form, "trade_no");
	facts->currency = "CNY";
	if (back != NULL && payment_decimal(back) > 0 &&
	    (is_paid || is(form, "trade_status", "TRADE_CLOSED"))) {
		facts->what = "refunded";
		facts->amount = payment_decimal(back);
		facts->refund = facts->references[0];
		facts->so_far = true;
	} else if (is_paid) {
		facts->what = "paid";
		facts->amount = payment_decimal(value_of(form, "total_amount"));
	}
}

static bool
is_name(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	return len > 0 && len <= PAYMENT_NAME_BYTES_MAX;
}

enum payment_verdict
payment_alipay(const struct payments *payments, const struct payment_input *in,
    struct payment_notice *notice)
{
	struct payment_facts facts = { .what = "none", .amount = -1 };
	struct form *form = arena_alloc(in->arena, sizeof(*form));

	if (payments->alipay.key == NULL)
		return PAYMENT_UNCONFIGURED;
	if (!parse_form(in->arena, in->body, in->len, form)) {
		notice->fault = SIGNATURE_FORM;
		return PAYMENT_UNSIGNED;
	}
	notice->fault = check_signature(payments->alipay.key, form);
	if (notice->fault != SIGNATURE_OK)
		return PAYMENT_UNSIGNED;
	if (!is(form, "app_id", payments->alipay.app_id) ||
	    !is(form, "seller_id", payments->alipay.seller_id))
		return PAYMENT_FOREIGN;
	notice->event_id = value_of(form, "notify_id");
	notice->event_type = value_of(form, "trade_status");
	if (!is_name(notice->event_id) || !is_name(notice->event_type) ||
	    !is_name(value_of(form, "trade_no")) ||
	    !is_name(value_of(form, "out_trade_no")) ||
	    value_of(form, "total_amount") == NULL)
		return PAYMENT_UNREADABLE;
	read_form(form, &facts);
	if (strcmp(facts.what, "none") != 0 && facts.amount < 0)
		return PAYMENT_UNREADABLE;
	notice->facts = payment_facts_json(in->arena, &facts);
	return PAYMENT_GOOD;
}
