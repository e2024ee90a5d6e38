#include "config_table.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "util/address.h"

static bool
one_of(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(value, *words) == 0)
			return true;
	return false;
}

static bool
is_log_level(const char *value)
{
	return one_of(value,
	    (const char *const[]){ "error", "warning", "notice", "debug",
		NULL });
}

static bool
is_switch(const char *value)
{
	return one_of(value, (const char *const[]){ "on", "off", NULL });
}

static bool
is_algorithm(const char *value)
{
	return one_of(value,
	    (const char *const[]){ "HS256", "HS384", "HS512", "RS256", "PS256",
		"ES256", "EdDSA", NULL });
}

static bool
is_role(const char *value)
{
	return one_of(value,
	    (const char *const[]){ "user", "service", "admin", NULL });
}

static bool
is_role_mapping(const char *value)
{
	const char *equals = strrchr(value, '=');

	return equals != NULL && equals > value && is_role(equals + 1);
}

/* "5157F09EFDC096DE=/etc/florin/wechat.pem" */
static bool
is_named_file(const char *value)
{
	const char *equals = strchr(value, '=');

	return equals != NULL && equals > value && equals[1] != '\0';
}

static bool
is_not_empty(const char *value)
{
	return *value != '\0';
}

static bool
is_listen_path(const char *value)
{
	return *value == '\0' ||
	    (*value == '/' && strlen(value) <= LISTEN_PATH_BYTES_MAX);
}

/* "https://site.example:8443": scheme, host, port and nothing more, in the
 * lower-case form that browsers send. */
static bool
is_origin(const char *value)
{
	const char *host = strstr(value, "://");

	if (host == NULL || host == value || host[3] == '\0')
		return false;
	return strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789+.-") ==
	    (size_t)(host - value) &&
	    strspn(host + 3, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") ==
	    strlen(host + 3);
}

#define GLOBAL(member) offsetof(struct config, member)
#define POOL(member) offsetof(struct pool_config, member)
#define JOBS(member) \
	(offsetof(struct config, jobs) + offsetof(struct jobs_config, member))
#define ISSUER(member) offsetof(struct issuer_config, member)
#define PROVIDER(member) offsetof(struct provider_config, member)

const struct setting config_settings[] = {
	{ "", "pid", SET_TEXT, "", 0, 0, NULL, GLOBAL(pid_file),
	    "file for the master's process id; empty: none" },
	{ "", "error_log", SET_TEXT, "", 0, 0, NULL, GLOBAL(error_log),
	    "log file, opened again at USR1; empty: standard error" },
	{ "", "log_level", SET_TEXT, "notice", 0, 0, is_log_level,
	    GLOBAL(log_level), "error, warning, notice or debug" },
	{ "", "process_control_timeout", SET_TIME, "10s", 0, 3600000, NULL,
	    GLOBAL(process_control_timeout_ms),
	    "how long children may finish their requests at a stop" },
	{ "", "cors_origins", SET_LIST, "{}", 0, 0, is_origin,
	    GLOBAL(cors_origins),
	    "origins that browsers may call from, "
	    "exactly: scheme://host[:port] in lower case" },

	{ "", "private_upstreams", SET_LIST, "{}", 0, 0, address_valid,
	    GLOBAL(private_upstreams),
	    "addresses of this machine or its own network that upstreams of "
	    "features may have" },
	{ "", "seccomp", SET_TEXT, "on", 0, 0, is_switch, GLOBAL(seccomp),
	    "on: workers give up all system calls that they never need; "
	    "off: they do not" },
	{ "", "rate_limit.user", SET_INT, "0", 0, 1000000, NULL,
	    GLOBAL(rate_limit_user),
	    "requests of one user in a window, on this host; 0: no limit" },
	{ "", "rate_limit.admin", SET_INT, "0", 0, 1000000, NULL,
	    GLOBAL(rate_limit_admin),
	    "requests of one admin in a window, on this host; 0: no limit" },
	{ "", "rate_limit.window", SET_TIME, "1m", 1000, 3600000, NULL,
	    GLOBAL(rate_limit_window_ms), "the window of the rate limits" },

	{ "pool", "listen", SET_TEXT, "", 0, 0, is_listen_path, POOL(listen),
	    "absolute path of a Unix socket, at most 107 bytes; "
	    "empty: inherited" },
	{ "pool", "listen.owner", SET_TEXT, "", 0, 0, NULL, POOL(listen_owner),
	    "user who owns the socket; empty: unchanged" },
	{ "pool", "listen.group", SET_TEXT, "", 0, 0, NULL, POOL(listen_group),
	    "the socket's group; empty: unchanged" },
	{ "pool", "listen.mode", SET_MODE, "0660", 0, 0777, NULL,
	    POOL(listen_mode), "the socket's mode; octal with its 0" },
	{ "pool", "listen.backlog", SET_INT, "511", 1, 65535, NULL,
	    POOL(listen_backlog), "connections that may wait" },
	{ "pool", "database", SET_TEXT, "", 0, 0, NULL, POOL(database),
	    "libpq connection string; use a pgpass file, not password=" },
	{ "pool", "pm.max_children", SET_INT, "4", 1, 1024, NULL,
	    POOL(max_children), "worker processes, each with a connection" },
	{ "pool", "pm.max_requests", SET_INT, "0", 0, INT_MAX, NULL,
	    POOL(max_requests),
	    "requests after which a worker is replaced; 0: never" },
	{ "pool", "batch_max", SET_INT, "16", 1, 16, NULL, POOL(batch_max),
	    "requests that a worker takes at once" },
	{ "pool", "request_terminate_timeout", SET_TIME, "10s", 100, 3600000,
	    NULL, POOL(request_timeout_ms),
	    "after this a worker that is still busy is ended" },
	{ "pool", "request_slowlog_timeout", SET_TIME, "1s", 0, 3600000, NULL,
	    POOL(slow_ms), "slower requests are logged as slow; 0: none" },

	{ "jobs", "database", SET_TEXT, "", 0, 0, NULL, JOBS(database),
	    "libpq connection string; empty: this host runs no jobs" },
	{ "jobs", "pm.max_children", SET_INT, "1", 1, 16, NULL,
	    JOBS(max_children), "processes, each with a connection" },
	{ "jobs", "interval", SET_TIME, "1s", 10, 3600000, NULL,
	    JOBS(interval_ms), "pause after nothing was due" },
	{ "jobs", "share", SET_INT, "75", 1, 100, NULL, JOBS(share),
	    "percent of the time that a process works while this host serves "
	    "requests" },

	{ "issuer", "iss", SET_TEXT, "", 0, 0, NULL, ISSUER(iss),
	    "what the claim iss must be if present; empty: not compared" },
	{ "issuer", "audience", SET_TEXT, "", 0, 0, NULL, ISSUER(audience),
	    "what the claim aud must hold if present; empty: not compared" },
	{ "issuer", "algorithms", SET_LIST, "{HS256}", 0, 0, is_algorithm,
	    ISSUER(algorithms),
	    "of HS256, HS384, HS512 (secret_file), RS256, PS256, "
	    "ES256, EdDSA (key_file)" },
	{ "issuer", "key_file", SET_TEXT, "", 0, 0, NULL, ISSUER(key_file),
	    "RS256, PS256, ES256, EdDSA: file of public keys, PEM or JWKS; "
	    "looked at again every 2 s" },
	{ "issuer", "secret_file", SET_TEXT, "", 0, 0, NULL,
	    ISSUER(secret_file),
	    "the shared secret: 32 bytes or more, as "
	    "many as the algorithm's hash; one newline at the end is no "
	    "part of it; credential:NAME: from systemd" },
	{ "issuer", "role_claim", SET_TEXT, "role", 0, 0, is_not_empty,
	    ISSUER(role_claim), "the claim that says the role, not empty" },
	{ "issuer", "role_map", SET_LIST, "{}", 0, 0, is_role_mapping,
	    ISSUER(role_map),
	    "\"claim value=role\"; role: user, service or "
	    "admin; none: these words mean themselves" },
	{ "issuer", "may_mint", SET_LIST, "{user}", 0, 0, is_role,
	    ISSUER(may_mint),
	    "roles that its tokens may have (user, "
	    "service, admin); other tokens are a user's" },
	{ "issuer", "required_claims", SET_LIST, "{}", 0, 0, is_not_empty,
	    ISSUER(required_claims),
	    "claims that must be present, "
	    "beside exp and sub" },

	{ "provider", "secret_file", SET_TEXT, "", 0, 0, NULL,
	    PROVIDER(secret_file),
	    "Stripe: the signing secret of the endpoint, whsec_...; one "
	    "newline at the end is no part of it; credential:NAME: from "
	    "systemd" },
	{ "provider", "app_id", SET_TEXT, "", 0, 0, NULL, PROVIDER(app_id),
	    "Alipay: your application" },
	{ "provider", "seller_id", SET_TEXT, "", 0, 0, NULL,
	    PROVIDER(seller_id), "Alipay: your account, 2088..." },
	{ "provider", "public_key_file", SET_TEXT, "", 0, 0, NULL,
	    PROVIDER(public_key_file), "Alipay: its public key, PEM" },
	{ "provider", "mchid", SET_TEXT, "", 0, 0, NULL, PROVIDER(mchid),
	    "WeChat Pay: your merchant number" },
	{ "provider", "appid", SET_TEXT, "", 0, 0, NULL, PROVIDER(appid),
	    "WeChat Pay: your application" },
	{ "provider", "api_v3_key_file", SET_TEXT, "", 0, 0, NULL,
	    PROVIDER(api_v3_key_file),
	    "WeChat Pay: the API v3 key, 32 bytes; one newline at the end is "
	    "no part of it; credential:NAME: from systemd" },
	{ "provider", "public_keys", SET_LIST, "{}", 0, 0, is_named_file,
	    PROVIDER(public_keys),
	    "WeChat Pay: \"SERIAL=FILE\": by the Wechatpay-Serial that they "
	    "are sent with, its public keys or platform certificates, PEM" },
};

const size_t config_settings_count = sizeof(config_settings) /
    sizeof(config_settings[0]);

const struct setting *
config_setting(const char *section, const char *name)
{
	for (size_t i = 0; i < config_settings_count; i++)
		if (strcmp(config_settings[i].section, section) == 0 &&
		    strcmp(config_settings[i].name, name) == 0)
			return &config_settings[i];
	abort(); /* libconfuse knows no other options */
}

long
config_time(const char *text)
{
	static const struct {
		const char *name;
		long ms;
	} units[] = { { "", 1000 }, { "s", 1000 }, { "ms", 1 }, { "m", 60000 },
		{ "h", 3600000 } };
	char *unit;
	long value;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtol(text, &unit, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(unit, units[i].name) == 0)
			return errno != 0 || value > INT_MAX / units[i].ms
			    ? -1
			    : value * units[i].ms;
	return -1;
}
