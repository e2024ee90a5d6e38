#include "auth_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

bool
token_is_listed(const char *const *list, const char *word)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

/* A time claim: only an integer will do (libjwt's getter reads 0 from true,
 * "1" and 1.0 without an error).  Absent leaves *value as it is. */
static bool
read_time_claim(struct json_slice payload, const char *name, int64_t *value)
{
	struct json_slice claim = json_member(payload, name);

	if (claim.data == NULL)
		return true;
	if (strspn(claim.data, "-0123456789") != claim.len)
		return false;
	*value = strtoll(claim.data, NULL, 10);
	return true;
}

static enum auth_fault
check_times(const struct token *t, int64_t now_s, int64_t *expires_at)
{
	int64_t exp = INT64_MIN, nbf = INT64_MIN, iat = INT64_MIN;

	if (!read_time_claim(t->payload, "exp", &exp) || exp == INT64_MIN ||
	    !read_time_claim(t->payload, "nbf", &nbf) ||
	    !read_time_claim(t->payload, "iat", &iat))
		return AUTH_CLAIMS;
	if (exp <= now_s - AUTH_LEEWAY_S)
		return AUTH_EXPIRED;
	if (nbf > now_s + AUTH_LEEWAY_S || iat > now_s + AUTH_LEEWAY_S)
		return AUTH_NOT_YET;
	*expires_at = exp;
	return AUTH_OK;
}

static enum auth_fault
check_iss(const struct token *t, const struct issuer_config *config)
{
	struct json_slice iss = json_member(t->payload, "iss");

	if (iss.data == NULL)
		return token_is_listed(config->required_claims, "iss")
		    ? AUTH_ISSUER
		    : AUTH_OK;
	if (*iss.data != '"')
		return AUTH_CLAIMS;
	return *config->iss == '\0' || json_string_is(iss, config->iss)
	    ? AUTH_OK
	    : AUTH_ISSUER;
}

/* aud is one string or an array of strings. */
static enum auth_fault
check_aud(const struct token *t, const struct issuer_config *config)
{
	struct json_slice aud = json_member(t->payload, "aud"), item;
	bool found = *config->audience == '\0';
	const char *cursor = NULL;

	if (aud.data == NULL)
		return token_is_listed(config->required_claims, "aud")
		    ? AUTH_AUDIENCE
		    : AUTH_OK;
	if (*aud.data == '"')
		return found || json_string_is(aud, config->audience)
		    ? AUTH_OK
		    : AUTH_AUDIENCE;
	if (*aud.data != '[')
		return AUTH_CLAIMS;
	while (json_next_element(aud, &cursor, &item)) {
		if (*item.data != '"')
			return AUTH_CLAIMS;
		found = found || json_string_is(item, config->audience);
	}
	return found ? AUTH_OK : AUTH_AUDIENCE;
}

static enum role
role_of_word(const char *word)
{
	if (strcmp(word, "service") == 0)
		return ROLE_SERVICE;
	return strcmp(word, "admin") == 0 ? ROLE_ADMIN : ROLE_USER;
}

/* The word that a role claim's value is mapped to: "user" if to none. */
static const char *
map_role(const struct issuer_config *config, const char *value)
{
	size_t len = strlen(value);

	if (config->role_map[0] == NULL)
		return value;
	for (size_t i = 0; config->role_map[i] != NULL; i++) {
		const char *equals = strrchr(config->role_map[i], '=');

		if ((size_t)(equals - config->role_map[i]) == len &&
		    memcmp(config->role_map[i], value, len) == 0)
			return equals + 1;
	}
	return "user";
}

static enum auth_fault
read_role(const struct token *t, const struct issuer_config *config,
    enum role *role)
{
	struct json_slice claim = json_member(t->payload, config->role_claim);
	char value[256];
	const char *word;

	*role = ROLE_USER;
	if (claim.data == NULL)
		return AUTH_OK;
	if (*claim.data != '"')
		return AUTH_ROLE;
	if (!json_unquote(claim, value, sizeof(value)))
		return AUTH_OK; /* so long a word is not mapped */
	word = map_role(config, value);
	if (token_is_listed(config->may_mint, word))
		*role = role_of_word(word);
	return AUTH_OK;
}

enum auth_fault
token_check_claims(const struct token *t, const struct issuer_config *config,
    int64_t now_s, struct identity *who)
{
	struct json_slice sub = json_member(t->payload, "sub");
	enum auth_fault fault;

	for (size_t i = 0; config->required_claims[i] != NULL; i++) {
		const char *name = config->required_claims[i];

		if (strcmp(name, "iss") != 0 && strcmp(name, "aud") != 0 &&
		    json_member(t->payload, name).data == NULL)
			return AUTH_CLAIMS;
	}
	if ((fault = check_times(t, now_s, &who->expires_at)) != AUTH_OK ||
	    (fault = check_iss(t, config)) != AUTH_OK ||
	    (fault = check_aud(t, config)) != AUTH_OK)
		return fault;
	if (!json_unquote(sub, who->subject, sizeof(who->subject)) ||
	    !text_is_user_id(who->subject, strlen(who->subject)))
		return AUTH_SUBJECT;
	snprintf(who->issuer, sizeof(who->issuer), "%s", config->name);
	return read_role(t, config, &who->role);
}
