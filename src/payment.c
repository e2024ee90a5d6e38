#include "payment.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "config.h"
#include "log.h"
#include "secret.h"
#include "util/buf.h"

enum { WECHAT_KEY_BYTES = 32 };

const char *
payment_verdict_text(enum payment_verdict verdict)
{
	static const char *const texts[] = {
		[PAYMENT_GOOD] = "the notice is good",
		[PAYMENT_UNCONFIGURED] = "this provider is not configured",
		[PAYMENT_UNSIGNED] = "the signature is not good",
		[PAYMENT_PROBE] = "the signature is not good",
		[PAYMENT_UNREADABLE] = "not a notice of this provider",
		[PAYMENT_FOREIGN] = "a notice for another merchant",
	};

	return texts[verdict];
}

/* ---- keys ---- */

static void
complain(const struct provider_config *provider, const char *setting,
    const char *fault)
{
	log_event(LOG_LEVEL_ERROR, "provider %s refuses everything: %s: %s",
	    provider->name, setting, fault);
}

/* A secret that must have `bytes` bytes (0: any but none). */
static size_t
load_secret(unsigned char *out, const struct provider_config *provider,
    const char *setting, const char *file, size_t bytes)
{
	const char *fault;
	size_t len = 0;

	fault = *file == '\0'
	    ? "it is not set"
	    : secret_load(file, out, PAYMENT_SECRET_BYTES_MAX, &len);
	if (fault == NULL && len == 0)
		fault = "it is empty";
	if (fault == NULL && bytes != 0 && len != bytes)
		fault = "it has not 32 bytes";
	if (fault == NULL)
		return len;
	complain(provider, setting, fault);
	return 0;
}

static void
load_stripe(struct payments *p, const struct provider_config *provider)
{
	p->stripe.secret_len = load_secret(p->stripe.secret, provider,
	    "secret_file", provider->secret_file, 0);
}

static void
load_alipay(struct payments *p, const struct provider_config *provider)
{
	const char *fault = "app_id, seller_id and public_key_file are needed";

	p->alipay.app_id = provider->app_id;
	p->alipay.seller_id = provider->seller_id;
	if (*provider->app_id != '\0' && *provider->seller_id != '\0' &&
	    *provider->public_key_file != '\0')
		p->alipay.key = signature_key(provider->public_key_file,
		    &fault);
	if (p->alipay.key == NULL)
		complain(provider, "public_key_file", fault);
}

/* "SERIAL=FILE" of the setting public_keys; one that cannot be read only
 * lacks, the others go on. */
static void
load_wechat_key(struct payments *p, const struct provider_config *provider,
    const char *item)
{
	const char *equals = strchr(item, '=');
	const char *fault = "too many keys";
	EVP_PKEY *key = NULL;

	if (p->wechat.keys_count < PAYMENT_KEYS_MAX)
		key = signature_key(equals + 1, &fault);
	if (key == NULL) {
		log_event(LOG_LEVEL_ERROR, "provider %s: key %s: %s",
		    provider->name, item, fault);
		return;
	}
	p->wechat.keys[p->wechat.keys_count].serial = item;
	p->wechat.keys[p->wechat.keys_count].serial_len = (size_t)(equals -
	    item);
	p->wechat.keys[p->wechat.keys_count].key = key;
	p->wechat.keys_count++;
}

static void
load_wechat(struct payments *p, const struct provider_config *provider)
{
	p->wechat.mchid = provider->mchid;
	p->wechat.appid = provider->appid;
	for (size_t i = 0; provider->public_keys[i] != NULL; i++)
		load_wechat_key(p, provider, provider->public_keys[i]);
	if (*provider->mchid == '\0' || *provider->appid == '\0' ||
	    p->wechat.keys_count == 0) {
		complain(provider, "public_keys",
		    "mchid, appid and a key are needed");
		return;
	}
	p->wechat.api_key_len = load_secret(p->wechat.api_key, provider,
	    "api_v3_key_file", provider->api_v3_key_file, WECHAT_KEY_BYTES);
}

struct payments *
payments_new(const struct config *config)
{
	struct payments *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	for (size_t i = 0; i < config->providers_count; i++) {
		const struct provider_config *provider = &config->providers[i];

		if (strcmp(provider->name, "stripe") == 0)
			load_stripe(p, provider);
		else if (strcmp(provider->name, "alipay") == 0)
			load_alipay(p, provider);
		else
			load_wechat(p, provider);
	}
	return p;
}

void
payments_free(struct payments *p)
{
	if (p == NULL)
		return;
	EVP_PKEY_free(p->alipay.key);
	for (size_t i = 0; i < p->wechat.keys_count; i++)
		EVP_PKEY_free(p->wechat.keys[i].key);
	OPENSSL_cleanse(p, sizeof(*p));
	free(p);
}

/* ---- facts ---- */

static void
add_member(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, ",\"%s\":", name);
	buf_add_json(out, text);
}

static void
add_list(struct buf *out, const char *name, const char *const *texts,
    size_t count)
{
	const char *comma = "";

	buf_printf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		if (texts[i] == NULL)
			continue;
		buf_adds(out, comma);
		buf_add_json(out, texts[i]);
		comma = ",";
	}
	buf_adds(out, "]");
}

const char *
payment_facts_json(struct arena *a, const struct payment_facts *facts)
{
	struct buf out = { 0 };
	char *text;

	buf_adds(&out, "{\"what\":");
	buf_add_json(&out, facts->what);
	add_member(&out, "order_id", facts->order_id);
	add_list(&out, "references", facts->references, 3);
	add_list(&out, "aliases", facts->aliases, 1);
	if (facts->amount >= 0)
		buf_printf(&out, ",\"amount\":%lld", (long long)facts->amount);
	add_member(&out, "currency", facts->currency);
	add_member(&out, "refund", facts->refund);
	buf_printf(&out, ",\"so_far\":%s}", facts->so_far ? "true" : "false");
	text = arena_copy(a, out.data, out.len);
	buf_free(&out);
	return text;
}

const char *
payment_text(struct arena *a, struct json_slice value)
{
	char *text = arena_alloc(a, PAYMENT_NAME_BYTES_MAX + 1);

	if (value.data == NULL ||
	    !json_unquote(value, text, PAYMENT_NAME_BYTES_MAX + 1) ||
	    *text == '\0')
		return NULL;
	return text;
}

const char *
payment_member(struct arena *a, struct json_slice object, const char *name)
{
	return object.data != NULL ? payment_text(a, json_member(object, name))
				   : NULL;
}

int64_t
payment_integer(struct json_slice object, const char *name)
{
	struct json_slice value = { NULL, 0 };
	int64_t result = 0;

	if (object.data != NULL)
		value = json_member(object, name);
	if (value.data == NULL || value.len > JSON_INTEGER_DIGITS_MAX)
		return -1;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9')
			return -1;
		result = result * 10 + (value.data[i] - '0');
	}
	return result;
}

int64_t
payment_decimal(const char *text)
{
	size_t whole = strspn(text, "0123456789"), cents;
	int64_t value;

	if (whole == 0 || whole > 13)
		return -1;
	value = strtoll(text, NULL, 10) * 100;
	if (text[whole] == '\0')
		return value;
	cents = strspn(text + whole + 1, "0123456789");
	if (text[whole] != '.' || cents < 1 || cents > 2 ||
	    text[whole + 1 + cents] != '\0')
		return -1;
	value += (text[whole + 1] - '0') * 10;
	return cents == 2 ? value + (text[whole + 2] - '0') : value;
}
