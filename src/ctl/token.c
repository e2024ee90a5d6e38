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
		{ NULL, 0, NULL, 0 }
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

static int
token_command(struct ctl *ctl, int argc, char **argv)
{
	struct wish wish = { .ttl_s = TTL_S, .iss = "", .audience = "",
		.role_claim = "role" };
	int status = read_words(ctl, argc, argv, &wish);

	if (status != CTL_DONE)
		return status;
	if (wish.secret_file == NULL)
		return ctl_usage(ctl);
	return print_token(&wish);
}

const struct command token_commands[] = {
	{ "token", token_command,
	    "NAME [ROLE] [--ttl SECONDS]\n"
	    "NAME [ROLE] --secret-file FILE [--iss ISS] [--aud AUD]"
	    " [--ttl SECONDS]",
	    "print a token, signed with the key of the first HS issuer" },
	{ NULL, NULL, NULL, NULL }
};
