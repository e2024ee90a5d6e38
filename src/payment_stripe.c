/*
 * Stripe: what its events mean here.
 */
#include <ctype.h>
#include <string.h>

#include "payment.h"

/* A member that is an id, or an expanded object with one. */
static const char *
id_of(struct arena *a, struct json_slice object, const char *name)
{
	struct json_slice value = { NULL, 0 };

	if (object.data != NULL)
		value = json_member(object, name);
	if (value.data != NULL && *value.data == '{')
		value = json_member(value, "id");
	return payment_text(a, value);
}

static struct json_slice
member(struct json_slice object, const char *name)
{
	return object.data != NULL ? json_member(object, name) : object;
}

static const char *
order_of(struct arena *a, struct json_slice object)
{
	return payment_member(a, member(object, "metadata"), "florin_order_id");
}

static const char *
currency_of(struct arena *a, struct json_slice object)
{
	const char *text = payment_member(a, object, "currency");
	char *upper;

	if (text == NULL)
		return NULL;
	upper = arena_copy(a, text, strlen(text));
	for (char *p = upper; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return upper;
}

/* checkout.session.completed, …async_payment_succeeded: a payment, if it is
 * one and names an order of ours. */
static void
read_session(struct arena *a, struct json_slice session, const char *type,
    struct payment_facts *facts)
{
	const char *status = payment_member(a, session, "payment_status");
	size_t n = 0;

	facts->order_id = order_of(a, session);
	if (facts->order_id == NULL)
		return;
	if (strcmp(type, "checkout.session.completed") == 0 &&
	    (status == NULL || strcmp(status, "paid") != 0))
		return;
	facts->what = "paid";
	facts->references[n] = id_of(a, session, "payment_intent");
	n += facts->references[n] != NULL;
	facts->references[n] = id_of(a, session, "invoice");
	n += facts->references[n] != NULL;
	facts->references[n] = payment_member(a, session, "id");
	facts->aliases[0] = id_of(a, session, "subscription");
	facts->amount = payment_integer(session, "amount_total");
	facts->currency = currency_of(a, session);
}

/* Where an invoice keeps its subscription and that one's metadata: in the
 * object itself, since 2025 in its parent. */
static struct json_slice
subscription_details(struct json_slice invoice)
{
	struct json_slice details = member(member(invoice, "parent"),
	    "subscription_details");

	if (details.data == NULL || *details.data != '{')
		details = member(invoice, "subscription_details");
	return details;
}

static void
read_invoice(struct arena *a, struct json_slice invoice,
    struct payment_facts *facts)
{
	struct json_slice details = subscription_details(invoice);
	const char *subscription = id_of(a, invoice, "subscription");

	if (subscription == NULL)
		subscription = id_of(a, details, "subscription");
	facts->amount = payment_integer(invoice, "amount_paid");
	if (subscription == NULL || facts->amount <= 0)
		return;
	facts->what = "renewed";
	facts->order_id = order_of(a, details);
	if (facts->order_id == NULL)
		facts->order_id = order_of(a, invoice);
	facts->references[0] = payment_member(a, invoice, "id");
	facts->references[1] = id_of(a, invoice, "payment_intent");
	facts->aliases[0] = subscription;
	facts->currency = currency_of(a, invoice);
}

/* charge.refunded: amount_refunded is all that went back up to now. */
static void
read_charge(struct arena *a, struct json_slice charge,
    struct payment_facts *facts)
{
	const char *id = payment_member(a, charge, "id");
	size_t n = 0;

	facts->what = "refunded";
	facts->order_id = order_of(a, charge);
	facts->references[n] = id_of(a, charge, "payment_intent");
	n += facts->references[n] != NULL;
	facts->references[n] = id_of(a, charge, "invoice");
	n += facts->references[n] != NULL;
	facts->references[n] = id;
	facts->amount = payment_integer(charge, "amount_refunded");
	facts->currency = currency_of(a, charge);
	facts->refund = id;
	facts->so_far = true;
}

/* A dispute takes the money at once; one that is won brings it back. */
static void
read_dispute(struct arena *a, struct json_slice dispute, const char *type,
    struct payment_facts *facts)
{
	const char *status = payment_member(a, dispute, "status");
	size_t n = 0;

	if (strcmp(type, "charge.dispute.created") == 0)
		facts->what = "disputed";
	else if (strcmp(type, "charge.dispute.funds_reinstated") == 0 ||
	    (status != NULL &&
		(strcmp(status, "won") == 0 ||
		    strcmp(status, "warning_closed") == 0)))
		facts->what = "dispute_won";
	else
		return;
	facts->order_id = order_of(a, dispute);
	facts->references[n] = id_of(a, dispute, "payment_intent");
	n += facts->references[n] != NULL;
	facts->references[n] = id_of(a, dispute, "charge");
	facts->amount = payment_integer(dispute, "amount");
	facts->currency = currency_of(a, dispute);
	facts->refund = payment_member(a, dispute, "id");
}

static void
read_event(struct arena *a, const char *type, struct json_slice object,
    struct payment_facts *facts)
{
	if (strcmp(type, "checkout.session.completed") == 0 ||
	    strcmp(type, "checkout.session.async_payment_succeeded") == 0)
		read_session(a, object, type, facts);
	else if (strcmp(type, "invoice.paid") == 0)
		read_invoice(a, object, facts);
	else if (strcmp(type, "charge.refunded") == 0)
		read_charge(a, object, facts);
	else if (strcmp(type, "charge.dispute.created") == 0 ||
	    strcmp(type, "charge.dispute.closed") == 0 ||
	    strcmp(type, "charge.dispute.funds_reinstated") == 0)
		read_dispute(a, object, type, facts);
}

/* Does a notice say all that is needed to apply it? */
static bool
is_whole(const struct payment_facts *facts)
{
	if (strcmp(facts->what, "none") == 0)
		return true;
	if (facts->amount < 0)
		return false;
	if (facts->refund != NULL)
		return facts->references[0] != NULL || facts->order_id != NULL;
	return facts->references[0] != NULL && facts->currency != NULL;
}

enum payment_verdict
payment_stripe(const struct payments *payments, const struct payment_input *in,
    struct payment_notice *notice)
{
	struct payment_facts facts = { .what = "none", .amount = -1 };
	struct iovec body = { (char *)in->body, in->len };
	struct json_slice event = { in->body, in->len };

	if (payments->stripe.secret_len == 0)
		return PAYMENT_UNCONFIGURED;
	notice->fault = signature_stripe(in->signature, &body,
	    payments->stripe.secret, payments->stripe.secret_len, in->now_s);
	if (notice->fault != SIGNATURE_OK)
		return PAYMENT_UNSIGNED;
	if (json_scan_deep(in->body, in->len, PAYMENT_JSON_DEPTH, NULL) !=
	    JSON_OK)
		return PAYMENT_UNREADABLE;
	notice->event_id = payment_member(in->arena, event, "id");
	notice->event_type = payment_member(in->arena, event, "type");
	if (notice->event_id == NULL || notice->event_type == NULL)
		return PAYMENT_UNREADABLE;
	read_event(in->arena, notice->event_type,
	    member(member(event, "data"), "object"), &facts);
	if (!is_whole(&facts))
		return PAYMENT_UNREADABLE;
	notice->facts = payment_facts_json(in->arena, &facts);
	return PAYMENT_GOOD;
}
