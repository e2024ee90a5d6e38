/*
 * Settings of the program (etc/florin.conf, read by libconfuse).  One table
 * in config.c names, defaults, limits and documents each; `florind -t` tests
 * a file, `--dump-config` prints what is in force.  Settings of the business
 * (prices, rewards, zone) live in the database's table `settings`.
 */
#ifndef FLORIN_CONFIG_H
#define FLORIN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	POOLS_MAX = 8,
	ISSUERS_MAX = 16,
	PROVIDERS_MAX = 3,
	LIST_MAX = 32,              /* with the final NULL */
	LISTEN_PATH_BYTES_MAX = 107 /* sun_path without its NUL */
};

struct pool_config {
	const char *name;   /* "wallet", "bulk" */
	const char *listen; /* path of a Unix socket; "" = inherited */
	const char *listen_owner, *listen_group; /* "" = unchanged */
	int listen_mode;                         /* 0660 */
	int listen_backlog;                      /* 511 */
	const char *database;                    /* libpq connection string */
	int max_children;                        /* pm.max_children, 4 */
	int max_requests;       /* pm.max_requests, 0 = never */
	int batch_max;          /* 1..16 */
	int request_timeout_ms; /* request_terminate_timeout, 10s */
	int slow_ms;            /* request_slowlog_timeout, 1s */
};

/* The role that settles what is due and does other work by itself. */
struct jobs_config {
	const char *database; /* libpq connection string; "" = no jobs here */
	int max_children;     /* pm.max_children, 1 */
	int interval_ms;      /* between looks for what is due, 1s */
	int share;            /* percent of the time that a child works while
	                         requests are served, 75 */
};

struct issuer_config {
	const char *name;     /* title of its section */
	const char *iss;      /* expected iss, "" = not compared */
	const char *audience; /* expected in aud, "" = not compared */
	const char *algorithms[LIST_MAX]; /* NULL-terminated; default HS256 */
	const char *secret_file; /* HS*: >= 32 bytes, one final newline cut;
	                                "credential:NAME" is a file of
	                                $CREDENTIALS_DIRECTORY */
	const char *key_file;    /* PEM or JWKS of public keys */
	const char *role_claim;  /* "role" */
	const char *role_map[LIST_MAX]; /* "claim value=role" */
	const char *may_mint[LIST_MAX]; /* roles this issuer may give; default
	                                   {user} alone */
	const char *required_claims[LIST_MAX]; /* beside exp and sub */
};

/* A payment provider; what another one needs is not read. */
struct provider_config {
	const char *name;        /* "stripe", "alipay", "wechat" */
	const char *secret_file; /* Stripe: of the endpoint, "whsec_..." */
	const char *app_id, *seller_id;    /* Alipay */
	const char *public_key_file;       /* Alipay's key, PEM */
	const char *mchid, *appid;         /* WeChat Pay */
	const char *api_v3_key_file;       /* 32 bytes */
	const char *public_keys[LIST_MAX]; /* WeChat Pay: "SERIAL=FILE" */
};

struct config {
	const char *path;
	const char *pid_file;  /* "" = none */
	const char *error_log; /* "" = standard error */
	const char *log_level; /* error | warning | notice | debug */
	const char *seccomp;   /* on | off */
	const char *cors_origins[LIST_MAX]; /* exact origins, NULL-terminated */
	int process_control_timeout_ms;     /* drain, 10s */
	int rate_limit_user, rate_limit_admin;   /* a window, 0: no limit */
	int rate_limit_window_ms;                /* 1m */
	const char *private_upstreams[LIST_MAX]; /* addresses */
	struct pool_config pools[POOLS_MAX];
	size_t pools_count;
	struct jobs_config jobs;
	struct issuer_config issuers[ISSUERS_MAX];
	size_t issuers_count;
	struct provider_config providers[PROVIDERS_MAX];
	size_t providers_count;
	void *cfg; /* owned: the parser's memory */
};

/* Read a file.  NULL after printing "file:line: what" to `errors`. */
struct config *config_read(const char *path, FILE *errors);
/* The same of a text that was read already; `path` is for messages. */
struct config *config_parse(const char *path, const char *text, FILE *errors);

void config_free(struct config *config);

/* Print every setting with its value, in the form of the file itself.  Secrets
 * stand in files, so none shows, if no password stands in `database`. */
void config_print(const struct config *config, FILE *out);

#endif
