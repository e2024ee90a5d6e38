/*
 * florinctl token: a signed token for tests and for the site's own scripts.
 * The key comes from a file: an argument would show in the process list.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jwt.h>

#include "config.h"

enum { TTL_S = 3600, TTL_S_MAX = 10 * 365 * 86400, JTI_BYTES = 16 };

struct wish {
	const char *name, *role;
	int64_t ttl_s;
	const char *secret_file; /* of --secret-file */
	const char *iss, *audience;
	const char *role_claim;
};

static int
read_words(struct ctl *ctl, int argc, char **argv, struct wish *wish)
{
	static const struct option options[] = {
		{ "ttl", required_argument, NULL, 't' },
		{ "secret-file", required_argument, NULL, 's' },
		{ "iss", required_argument, NULL, 'i' },
		{ "aud", required_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case 't':
			if (!argument_integer(optarg, 1, TTL_S_MAX,
				&wish->ttl_s))
				return ctl_bad(ctl, "no time in seconds",
				    optarg);
			break;
		case 's':
			wish->secret_file = optarg;
			break;
		case 'i':
			wish->iss = optarg;
			break;
		case 'a':
			wish->audience = optarg;
			break;
		default:
			return ctl_usage(ctl);
		}
	if (optind >= argc || argc - optind > 2)
		return ctl_usage(ctl);
	wish->name = argv[optind];
	if (!argument_user_id(wish->name))
		return ctl_bad(ctl, "not a user id", wish->name);
	wish->role = argc - optind == 2 ? argv[optind + 1] : NULL;
	if (wish->role != NULL && strcmp(wish->role, "user") != 0 &&
	    strcmp(wish->role, "service") != 0 &&
	    strcmp(wish->role, "admin") != 0)
		return ctl_bad(ctl, "user, service or admin, not", wish->role);
	return CTL_DONE;
}

static bool
add_claims(jwt_t *jwt, const struct wish *wish)
{
	char jti[2 * JTI_BYTES + 1];
	long now_s = (long)time(NULL);

	random_hex(jti, JTI_BYTES);
	return jwt_add_grant(jwt, "sub", wish->name) == 0 &&
	    (wish->role == NULL ||
		jwt_add_grant(jwt, wish->role_claim, wish->role) == 0) &&
	    jwt_add_grant_int(jwt, "iat", now_s) == 0 &&
	    jwt_add_grant_int(jwt, "exp", now_s + (long)wish->ttl_s) == 0 &&
	    (wish->iss[0] == '\0' ||
		jwt_add_grant(jwt, "iss", wish->iss) == 0) &&
	    (wish->audience[0] == '\0' ||
		jwt_add_grant(jwt, "aud", wish->audience) == 0) &&
	    jwt_add_grant(jwt, "jti", jti) == 0;
}

static int
print_token(const struct wish *wish)
{
	size_t len;
	char *secret = secret_read(wish->secret_file, &len), *text = NULL;
	jwt_t *jwt = NULL;

	if (secret == NULL)
		return CTL_FAILED;
	if (jwt_new(&jwt) == 0 && add_claims(jwt, wish) &&
	    jwt_set_alg(jwt, JWT_ALG_HS256, (unsigned char *)secret,
		(int)len) == 0)
		text = jwt_encode_str(jwt);
	if (text != NULL)
		puts(text);
	else
		ctl_error("cannot make a token");
	explicit_bzero(secret, len);
	free(secret);
	jwt_free(jwt);
	free(text);
	return text == NULL ? CTL_FAILED : CTL_DONE;
}

/* The word of the role claim that an issuer maps to this role. */
static const char *
claim_of(const struct issuer_config *issuer, const char *role, char out[256])
{
	if (issuer->role_map[0] == NULL)
		return role;
	for (size_t i = 0; issuer->role_map[i] != NULL; i++) {
		const char *entry = issuer->role_map[i];
		const char *equals = strrchr(entry, '=');

		if (equals != NULL && strcmp(equals + 1, role) == 0) {
			snprintf(out, 256, "%.*s", (int)(equals - entry),
			    entry);
			return out;
		}
	}
	return NULL;
}

static bool
is_listed(const char *const *list, const char *word)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

/* The first issuer whose tokens a shared secret signs. */
static const struct issuer_config *
find_issuer(const struct config *config)
{
	for (size_t i = 0; i < config->issuers_count; i++)
		if (is_listed(config->issuers[i].algorithms, "HS256"))
			return &config->issuers[i];
	return NULL;
}

/* systemd gives the credential only to florind. */
static const char *
find_secret(const struct issuer_config *issuer)
{
	if (strncmp(issuer->secret_file, "credential:", 11) != 0)
		return issuer->secret_file;
	ctl_error("issuer %s: its secret is %s: name the file with "
		  "--secret-file",
	    issuer->name, issuer->secret_file);
	return NULL;
}

static int
print_configured(struct wish *wish, const struct config *config)
{
	const struct issuer_config *issuer = find_issuer(config);
	char claim[256];

	if (issuer == NULL) {
		ctl_error("%s: no issuer has HS256", config->path);
		return CTL_FAILED;
	}
	if (wish->role != NULL && !is_listed(issuer->may_mint, wish->role)) {
		ctl_error("issuer %s may not make tokens of role %s",
		    issuer->name, wish->role);
		return CTL_REFUSED;
	}
	if (wish->role != NULL && strcmp(wish->role, "user") != 0) {
		wish->role = claim_of(issuer, wish->role, claim);
		if (wish->role == NULL) {
			ctl_error("issuer %s: its role_map has no word for "
				  "this role",
			    issuer->name);
			return CTL_REFUSED;
		}
	}
	wish->role_claim = issuer->role_claim;
	if (wish->iss[0] == '\0')
		wish->iss = issuer->iss;
	if (wish->audience[0] == '\0')
		wish->audience = issuer->audience;
	if (wish->secret_file == NULL)
		wish->secret_file = find_secret(issuer);
	return wish->secret_file == NULL ? CTL_FAILED : print_token(wish);
}

static int
token_command(struct ctl *ctl, int argc, char **argv)
{
	struct wish wish = { .ttl_s = TTL_S,
		.iss = "",
		.audience = "",
		.role_claim = "role" };
	int status = read_words(ctl, argc, argv, &wish);
	struct config *config;

	if (status != CTL_DONE)
		return status;
	if (wish.secret_file != NULL)
		return print_token(&wish);
	if ((config = config_read(ctl->config_path, stderr)) == NULL)
		return CTL_FAILED;
	status = print_configured(&wish, config);
	config_free(config);
	return status;
}

const struct command token_commands[] = {
	{ "token", token_command,
	    "NAME [ROLE] [--ttl SECONDS]\n"
	    "NAME [ROLE] --secret-file FILE [--iss ISS] [--aud AUD]"
	    " [--ttl SECONDS]",
	    "print a token, signed with the key of the first HS issuer" },
	{ NULL, NULL, NULL, NULL },
};
