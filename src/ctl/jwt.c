/*
 * florinctl jwt explain: what florind would say of a token, and why.
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth.h"
#include "config.h"
#include "util/buf.h"
#include "util/hex.h"

/* One more than fits: longer tokens are refused for their size. */
enum { INPUT_BYTES_MAX = TOKEN_BYTES_MAX + 2 };

/* What the guard demands, in its order. */
static const char *const demands[] = {
	[AUTH_SIZE] = "at most 8192 bytes",
	[AUTH_SEGMENTS] = "three parts, none empty",
	[AUTH_ENCODING] = "canonical base64url",
	[AUTH_HEADER] = "header is strict JSON, alg and typ make sense",
	[AUTH_CRIT] = "no crit",
	[AUTH_PAYLOAD] = "payload is a strict JSON object, no claim twice",
	[AUTH_ALGORITHM] = "alg is one that an issuer allows",
	[AUTH_KEY] = "the key is known",
	[AUTH_SIGNATURE] = "signature",
	[AUTH_CLAIMS] = "claims have their types, none is missing",
	[AUTH_EXPIRED] = "exp is not past",
	[AUTH_NOT_YET] = "nbf and iat are not in the future",
	[AUTH_ISSUER] = "iss",
	[AUTH_AUDIENCE] = "aud",
	[AUTH_SUBJECT] = "sub is a user id",
	[AUTH_ROLE] = "role claim is a string",
};
enum { DEMANDS = sizeof(demands) / sizeof(demands[0]) };

/* Anything may stand in a token: no control character, no byte above ASCII
 * reaches the terminal. */
static void
print_harmless(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] >= ' ' && data[i] < 0x7f)
			putchar(data[i]);
		else
			printf("\\x%02x", data[i]);
	putchar('\n');
}

/* Show a part of the token; returns what follows its dot, NULL at the end. */
static const char *
print_part(const char *name, const char *part)
{
	uint8_t bytes[TOKEN_BYTES_MAX];
	const char *end = strchrnul(part, '.');
	ssize_t len = -1;

	if (end - part <= TOKEN_BYTES_MAX)
		len = base64url_decode(bytes, part, (size_t)(end - part));
	printf("%s (not to be trusted): ", name);
	if (len < 0)
		puts("not base64url");
	else
		print_harmless(bytes, (size_t)len);
	return *end == '.' ? end + 1 : NULL;
}

static void
print_checks(enum auth_fault fault)
{
	for (size_t i = AUTH_SIZE; i < DEMANDS; i++)
		if (demands[i] == NULL)
			continue;
		else if (fault == AUTH_OK || i < fault)
			printf("ok   %s\n", demands[i]);
		else if (i == fault)
			printf("BAD  %s\n", demands[i]);
		else
			printf("-    %s\n", demands[i]);
}

/* Why the key that a token names is not known. */
static void
print_keys(const struct auth *auth)
{
	struct buf text = { 0 };
	size_t start = 0;

	auth_explain_key(auth, &text);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\n') {
			print_harmless((uint8_t *)text.data + start, i - start);
			start = i + 1;
		}
	buf_free(&text);
}

static int
explain(struct auth *auth, const char *token)
{
	static const char *const roles[] = { [ROLE_NONE] = "none",
		[ROLE_USER] = "user",
		[ROLE_SERVICE] = "service",
		[ROLE_ADMIN] = "admin" };
	char header[INPUT_BYTES_MAX + 8];
	struct identity who;
	enum auth_fault fault;
	const char *rest;

	snprintf(header, sizeof(header), "Bearer %s", token);
	fault = auth_check(auth, header, (int64_t)time(NULL), &who);
	rest = print_part("header", token);
	if (rest != NULL)
		print_part("claims", rest);
	print_checks(fault);
	if (fault == AUTH_KEY)
		print_keys(auth);
	if (fault != AUTH_OK) {
		printf("refused: %s\n", auth_fault_text(fault));
		return CTL_REFUSED;
	}
	printf("good: %s is %s, by issuer %s, until %lld\n", who.subject,
	    roles[who.role], who.issuer, (long long)who.expires_at);
	return CTL_DONE;
}

/* The token of the command line, or a line of standard input. */
static bool
read_token(char token[INPUT_BYTES_MAX], const char *word)
{
	if (strcmp(word, "-") != 0)
		snprintf(token, INPUT_BYTES_MAX, "%s", word);
	else if (fgets(token, INPUT_BYTES_MAX, stdin) == NULL)
		return false;
	token[strcspn(token, "\r\n")] = '\0';
	return token[0] != '\0';
}

static int
jwt_command(struct ctl *ctl, int argc, char **argv)
{
	char token[INPUT_BYTES_MAX];
	struct config *config;
	struct auth *auth;
	const char *error;
	int status;

	if (argc != 3 || strcmp(argv[1], "explain") != 0)
		return ctl_usage(ctl);
	if (!read_token(token, argv[2]))
		return ctl_bad(ctl, "there is no token", argv[2]);
	if ((config = config_read(ctl->config_path, stderr)) == NULL)
		return CTL_FAILED;
	auth = auth_new(config, &error);
	if (auth != NULL) {
		status = explain(auth, token);
	} else {
		ctl_error("%s: %s", ctl->config_path, error);
		status = CTL_FAILED;
	}
	auth_free(auth);
	config_free(config);
	return status;
}

const struct command jwt_commands[] = {
	{ "jwt", jwt_command, "explain TOKEN\nexplain -",
	    "say which check a token fails; \"-\": read it from input" },
	{ NULL, NULL, NULL, NULL },
};
