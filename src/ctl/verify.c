/*
 * florinctl verify: the invariants and the hash chain of every user, and the
 * digest of all chains' heads.  All of it sees one snapshot.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "util/hex.h"

enum { PAGE_USERS = 500, PAGE_USERS_MAX = 100000 };

struct verification {
	struct ctl *ctl;
	const char *from, *to; /* user ids, NULL: no bound */
	int64_t page_users;
	uint64_t users, problems;
	EVP_MD_CTX *heads;
	bool shows_progress;
};

/* In order of the bytes of user ids, whatever the database's collation. */
static const char open_sql[] =
    "declare page no scroll cursor for"
    " select u.user_id, w.head_hash"
    " from florin.users u left join florin.wallets w using (user_id)"
    " where ($1::text is null or u.user_id collate \"C\" >= $1)"
    "	and ($2::text is null or u.user_id collate \"C\" <= $2)"
    " order by u.user_id collate \"C\"";

static void
print_problem(struct verification *v, const char *user, const char *invariant,
    const char *detail)
{
	if (v->shows_progress)
		fputs("\r\033[K", stderr);
	printf("%s: %s: %s\n", user, invariant, detail);
	v->problems++;
}

static bool
check_user(struct verification *v, const char *user)
{
	const char *values[] = { user };
	PGresult *result = PQexecPrepared(v->ctl->db, "check", 1, values, NULL,
	    NULL, 0);
	bool done = PQresultStatus(result) == PGRES_TUPLES_OK;

	if (!done)
		ctl_error("%s: %s", user, PQresultErrorMessage(result));
	for (int i = 0; done && i < PQntuples(result); i++)
		print_problem(v, user, PQgetvalue(result, i, 0),
		    PQgetvalue(result, i, 1));
	PQclear(result);
	return done;
}

/* SHA-256 over each user id and its chain's head. */
static void
add_head(struct verification *v, const char *user, const char *head)
{
	size_t len;
	unsigned char *bytes = PQunescapeBytea((const unsigned char *)head,
	    &len);

	if (bytes == NULL ||
	    EVP_DigestUpdate(v->heads, user, strlen(user)) != 1 ||
	    EVP_DigestUpdate(v->heads, bytes, len) != 1)
		abort();
	PQfreemem(bytes);
}

/* The next page; the number of its users, -1 after a message. */
static int
check_page(struct verification *v, const char *fetch)
{
	PGresult *result = ctl_query(v->ctl, fetch, 0, NULL);
	int count;

	if (result == NULL)
		return -1;
	count = PQntuples(result);
	for (int i = 0; i < count; i++) {
		const char *user = PQgetvalue(result, i, 0);

		if (!check_user(v, user)) {
			PQclear(result);
			return -1;
		}
		if (!PQgetisnull(result, i, 1))
			add_head(v, user, PQgetvalue(result, i, 1));
		v->users++;
	}
	PQclear(result);
	if (v->shows_progress)
		fprintf(stderr, "\r%llu users", (unsigned long long)v->users);
	return count;
}

/* Ledger rows and keys of users that are not there. */
static bool
check_orphans(struct verification *v)
{
	PGresult *result;

	if (v->from != NULL || v->to != NULL)
		return true;
	result = ctl_query(v->ctl, "select * from florin.check_orphans()", 0,
	    NULL);
	if (result == NULL)
		return false;
	for (int i = 0; i < PQntuples(result); i++)
		print_problem(v, PQgetvalue(result, i, 0),
		    PQgetvalue(result, i, 1), PQgetvalue(result, i, 2));
	PQclear(result);
	return true;
}

static bool
open_pages(struct verification *v)
{
	const char *bounds[] = { v->from, v->to };
	PGresult *result;

	if (!ctl_run(v->ctl,
		"begin isolation level repeatable read read only;"
		"set local plan_cache_mode = force_generic_plan;"
		"set local jit = off;"
		"prepare \"check\" (text) as"
		" select invariant, detail from florin.check_user($1)"))
		return false;
	result = ctl_query(v->ctl, open_sql, 2, bounds);
	PQclear(result);
	return result != NULL;
}

static void
print_digest(struct verification *v)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char text[2 * EVP_MAX_MD_SIZE + 1];
	unsigned len;

	if (EVP_DigestFinal_ex(v->heads, digest, &len) != 1)
		abort();
	hex_encode(text, digest, len);
	printf("%llu users, %llu problems, heads %s\n",
	    (unsigned long long)v->users, (unsigned long long)v->problems,
	    text);
}

static int
verify(struct verification *v)
{
	char fetch[64];
	int count;

	if (!open_pages(v))
		return CTL_FAILED;
	snprintf(fetch, sizeof(fetch), "fetch %lld from page",
	    (long long)v->page_users);
	do {
		count = check_page(v, fetch);
	} while (count > 0);
	if (v->shows_progress)
		fputs("\r\033[K", stderr);
	if (count < 0 || !check_orphans(v))
		return CTL_FAILED;
	print_digest(v);
	return v->problems > 0 ? CTL_REFUSED : CTL_DONE;
}

static int
read_words(struct ctl *ctl, int argc, char **argv, struct verification *v)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 't' },
		{ "page", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case 'f':
			v->from = optarg;
			break;
		case 't':
			v->to = optarg;
			break;
		case 'p':
			if (!argument_integer(optarg, 1, PAGE_USERS_MAX,
				&v->page_users))
				return ctl_bad(ctl, "not a number of users",
				    optarg);
			break;
		default:
			return ctl_usage(ctl);
		}
	return optind == argc ? CTL_DONE : ctl_usage(ctl);
}

static int
verify_command(struct ctl *ctl, int argc, char **argv)
{
	struct verification v = { .ctl = ctl, .page_users = PAGE_USERS };
	int status = read_words(ctl, argc, argv, &v);

	if (status != CTL_DONE)
		return status;
	v.shows_progress = isatty(STDERR_FILENO) == 1;
	v.heads = EVP_MD_CTX_new();
	if (v.heads == NULL ||
	    EVP_DigestInit_ex(v.heads, EVP_sha256(), NULL) != 1)
		abort();
	status = ctl_connect_owner(ctl) ? verify(&v) : CTL_FAILED;
	EVP_MD_CTX_free(v.heads);
	return status;
}

const struct command verify_commands[] = {
	{ "verify", verify_command, "[--from USER] [--to USER] [--page USERS]",
	    "prove the invariants and the hash chain; 0 fine, 1 problems" },
	{ NULL, NULL, NULL, NULL },
};
