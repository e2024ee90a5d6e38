#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include "config_table.h"
#include "util/buf.h"

enum {
	CONFIG_BYTES_MAX = 1024 * 1024,
	TITLE_BYTES_MAX = 63,
	SETTINGS_MAX = 64
};

/* libconfuse's callbacks have no room for these. */
static struct {
	const char *path;
	FILE *errors;
} reading;

static void
print_error(cfg_t *cfg, const char *format, va_list args)
{
	fprintf(reading.errors, "%s:%d: ", reading.path, cfg->line);
	vfprintf(reading.errors, format, args);
	fputc('\n', reading.errors);
}

static int
read_time(cfg_t *cfg, cfg_opt_t *opt, const char *text, void *result)
{
	long ms = config_time(text);

	if (ms < 0) {
		cfg_error(cfg,
		    "%s: \"%s\" is not a time like 500ms, 10s, 5m "
		    "or 1h",
		    cfg_opt_name(opt), text);
		return -1;
	}
	*(long *)result = ms;
	return 0;
}

/* The value that was just read of one setting. */
static int
validate_setting(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *section = strcmp(cfg_name(cfg), "root") == 0
	    ? ""
	    : cfg_name(cfg);
	const struct setting *s = config_setting(section, cfg_opt_name(opt));
	unsigned last = cfg_opt_size(opt) - 1;

	if (s->type != SET_TEXT && s->type != SET_LIST) {
		long value = cfg_opt_getnint(opt, last);

		if (value >= s->min && value <= s->max)
			return 0;
		cfg_error(cfg, "%s must be between %ld and %ld%s", s->name,
		    s->min, s->max, s->type == SET_TIME ? " ms" : "");
		return -1;
	}
	if (s->type == SET_LIST && last + 1 >= LIST_MAX) {
		cfg_error(cfg, "%s: at most %d items", s->name, LIST_MAX - 1);
		return -1;
	}
	if (s->valid == NULL || s->valid(cfg_opt_getnstr(opt, last)))
		return 0;
	cfg_error(cfg, "%s: \"%s\" is not possible (%s)", s->name,
	    cfg_opt_getnstr(opt, last), s->doc);
	return -1;
}

static bool
is_title(const char *title)
{
	size_t len = strlen(title);

	return len >= 1 && len <= TITLE_BYTES_MAX &&
	    strspn(title, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

/* A section that was just read, its number among its kind in *number. */
static cfg_t *
validate_section(cfg_t *cfg, cfg_opt_t *opt, unsigned max)
{
	unsigned count = cfg_opt_size(opt);
	cfg_t *section = cfg_opt_getnsec(opt, count - 1);

	if (!is_title(cfg_title(section))) {
		cfg_error(cfg, "%s \"%s\": a name is 1 to %d of a-z 0-9 _ -",
		    cfg_opt_name(opt), cfg_title(section), TITLE_BYTES_MAX);
		return NULL;
	}
	if (count > max) {
		cfg_error(cfg, "at most %u sections %s", max,
		    cfg_opt_name(opt));
		return NULL;
	}
	return section;
}

static int
validate_pool(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *pool = validate_section(cfg, opt, POOLS_MAX);
	const char *path;

	if (pool == NULL)
		return -1;
	path = cfg_getstr(pool, "listen");
	for (unsigned i = 0; *path != '\0' && i + 1 < cfg_opt_size(opt); i++) {
		cfg_t *other = cfg_opt_getnsec(opt, i);

		if (strcmp(cfg_getstr(other, "listen"), path) != 0)
			continue;
		cfg_error(cfg, "pool %s listens where pool %s does",
		    cfg_title(pool), cfg_title(other));
		return -1;
	}
	return 0;
}

static int
validate_issuer(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *issuer = validate_section(cfg, opt, ISSUERS_MAX);

	if (issuer == NULL)
		return -1;
	if (cfg_size(issuer, "algorithms") == 0) {
		cfg_error(cfg, "issuer %s allows no algorithm",
		    cfg_title(issuer));
		return -1;
	}
	if (*cfg_getstr(issuer, "secret_file") == '\0' &&
	    *cfg_getstr(issuer, "key_file") == '\0') {
		cfg_error(cfg, "issuer %s has no secret_file and no key_file",
		    cfg_title(issuer));
		return -1;
	}
	return 0;
}

static int
validate_provider(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const names[PROVIDERS_MAX] = { "stripe", "alipay",
		"wechat" };
	cfg_t *provider = validate_section(cfg, opt, PROVIDERS_MAX);

	if (provider == NULL)
		return -1;
	for (size_t i = 0; i < PROVIDERS_MAX; i++)
		if (strcmp(cfg_title(provider), names[i]) == 0)
			return 0;
	cfg_error(cfg, "provider %s: one of stripe, alipay, wechat",
	    cfg_title(provider));
	return -1;
}

static cfg_opt_t
make_option(const struct setting *s)
{
	cfg_opt_t text = CFG_STR(s->name, s->standard, CFGF_NONE);
	cfg_opt_t list = CFG_STR_LIST(s->name, (char *)s->standard, CFGF_NONE);
	cfg_opt_t number = CFG_INT(s->name, strtol(s->standard, NULL, 0),
	    CFGF_NONE);
	cfg_opt_t time = CFG_INT_CB(s->name, config_time(s->standard),
	    CFGF_NONE, read_time);

	switch (s->type) {
	case SET_TEXT:
		return text;
	case SET_LIST:
		return list;
	case SET_TIME:
		return time;
	default:
		return number;
	}
}

/* The options of a section, with the end mark. */
static size_t
make_options(cfg_opt_t *options, const char *section)
{
	size_t count = 0;
	cfg_opt_t end = CFG_END();

	if (config_settings_count > SETTINGS_MAX)
		abort();
	for (size_t i = 0; i < config_settings_count; i++)
		if (strcmp(config_settings[i].section, section) == 0)
			options[count++] = make_option(&config_settings[i]);
	options[count] = end;
	return count;
}

static cfg_t *
make_parser(void)
{
	const cfg_flag_t flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t options[SETTINGS_MAX + 5], pool[SETTINGS_MAX + 1];
	cfg_opt_t issuer[SETTINGS_MAX + 1], jobs[SETTINGS_MAX + 1];
	cfg_opt_t provider[SETTINGS_MAX + 1], end = CFG_END();
	cfg_opt_t pools = CFG_SEC("pool", pool, flags);
	cfg_opt_t issuers = CFG_SEC("issuer", issuer, flags);
	cfg_opt_t providers = CFG_SEC("provider", provider, flags);
	cfg_opt_t job = CFG_SEC("jobs", jobs, CFGF_NONE);
	size_t count = make_options(options, "");
	cfg_t *cfg;

	make_options(pool, "pool");
	make_options(issuer, "issuer");
	make_options(jobs, "jobs");
	make_options(provider, "provider");
	options[count++] = pools;
	options[count++] = issuers;
	options[count++] = providers;
	options[count++] = job;
	options[count] = end;
	if ((cfg = cfg_init(options, CFGF_NONE)) == NULL)
		abort();
	cfg_set_error_function(cfg, print_error);
	for (size_t i = 0; i < config_settings_count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s%s",
		    config_settings[i].section,
		    *config_settings[i].section == '\0' ? "" : "|",
		    config_settings[i].name);
		cfg_set_validate_func(cfg, name, validate_setting);
	}
	cfg_set_validate_func(cfg, "pool", validate_pool);
	cfg_set_validate_func(cfg, "issuer", validate_issuer);
	cfg_set_validate_func(cfg, "provider", validate_provider);
	return cfg;
}

/* Copy the values of a section to the struct at base. */
static void
copy_values(void *base, cfg_t *cfg, const char *section)
{
	for (size_t i = 0; i < config_settings_count; i++) {
		const struct setting *s = &config_settings[i];
		void *to = (char *)base + s->offset;

		if (strcmp(s->section, section) != 0)
			continue;
		if (s->type == SET_TEXT)
			*(const char **)to = cfg_getstr(cfg, s->name);
		else if (s->type != SET_LIST)
			*(int *)to = (int)cfg_getint(cfg, s->name);
		else
			for (unsigned n = 0; n < cfg_size(cfg, s->name); n++)
				((const char **)to)[n] = cfg_getnstr(cfg,
				    s->name, n);
	}
}

static void
copy_config(struct config *config, cfg_t *cfg)
{
	copy_values(config, cfg, "");
	config->pools_count = cfg_size(cfg, "pool");
	for (unsigned i = 0; i < config->pools_count; i++) {
		cfg_t *pool = cfg_getnsec(cfg, "pool", i);

		config->pools[i].name = cfg_title(pool);
		copy_values(&config->pools[i], pool, "pool");
	}
	copy_values(config, cfg_getsec(cfg, "jobs"), "jobs");
	config->issuers_count = cfg_size(cfg, "issuer");
	for (unsigned i = 0; i < config->issuers_count; i++) {
		cfg_t *issuer = cfg_getnsec(cfg, "issuer", i);

		config->issuers[i].name = cfg_title(issuer);
		copy_values(&config->issuers[i], issuer, "issuer");
	}
	config->providers_count = cfg_size(cfg, "provider");
	for (unsigned i = 0; i < config->providers_count; i++) {
		cfg_t *provider = cfg_getnsec(cfg, "provider", i);

		config->providers[i].name = cfg_title(provider);
		copy_values(&config->providers[i], provider, "provider");
	}
}

/* Where the comment at p ends; p itself if there is none.  libconfuse reads
 * "//" as a comment only where a word may begin. */
static const char *
comment_end(const char *p, const char *text)
{
	const char *end;

	if (p[0] == '/' && p[1] == '*') {
		end = strstr(p + 2, "*/");
		return end == NULL ? p + strlen(p) : end + 2;
	}
	if (*p == '#' ||
	    (p[0] == '/' && p[1] == '/' &&
		(p == text || strchr(" \t\r\n={}(),+;\"'", p[-1]) != NULL)))
		return p + strcspn(p, "\n");
	return p;
}

/* Where the quoted text at p ends; p itself if there is none, NULL if it does
 * not end. */
static const char *
quoted_end(const char *p)
{
	char quote = *p;

	if (quote != '"' && quote != '\'')
		return p;
	for (p++; *p != quote; p++) {
		if (*p == '\\')
			p++;
		if (*p == '\0')
			return NULL;
	}
	return p + 1;
}

/* What libconfuse 3.3 gets wrong: it counts the line of a comment twice, so
 * that every message after it would be wrong (blanks for comments); it takes
 * the end of the text for the end of a section or quotation (and aborts at
 * the next file, its lexer being still within quotes); it prints a stray
 * backslash and goes on.  False after a message. */
static bool
prepare_text(char *text, const char *path, FILE *errors)
{
	const char *fault = NULL;
	int open = 0, line = 1;

	for (char *p = text; *p != '\0' && fault == NULL;) {
		bool comment = comment_end(p, text) != p;
		char *end = (char *)(comment ? comment_end(p, text)
					     : quoted_end(p));

		if (end == NULL || (*p == '\\' && !comment)) {
			fault = end == NULL
			    ? "a quotation is not closed"
			    : "a backslash stands outside of quotes";
			break;
		}
		open += comment ? 0 : (*p == '{') - (*p == '}');
		for (end += end == p; p < end; p++) {
			line += *p == '\n';
			if (comment && *p != '\n')
				*p = ' ';
		}
	}
	if (fault == NULL && open != 0)
		fault = "a brace is not closed, or was not open";
	if (fault != NULL)
		fprintf(errors, "%s:%d: %s\n", path, line, fault);
	return fault == NULL;
}

/* True if libconfuse and our checks find nothing wrong. */
static bool
parse_text(cfg_t *cfg, const char *text)
{
	if (cfg_parse_buf(cfg, text) != CFG_SUCCESS)
		return false;
	if (cfg_size(cfg, "pool") == 0) {
		cfg_error(cfg, "there is no pool");
		return false;
	}
	return true;
}

struct config *
config_parse(const char *path, const char *text, FILE *errors)
{
	struct config *config = calloc(1, sizeof(*config));
	char *copy = strdup(text);
	bool good;

	if (config == NULL || copy == NULL ||
	    (config->path = strdup(path)) == NULL)
		abort();
	reading.path = path;
	reading.errors = errors;
	config->cfg = make_parser();
	good = prepare_text(copy, path, errors) &&
	    parse_text(config->cfg, copy);
	free(copy);
	if (!good) {
		config_free(config); /* the lexer is reset by this, too */
		return NULL;
	}
	copy_config(config, config->cfg);
	return config;
}

struct config *
config_read(const char *path, FILE *errors)
{
	FILE *file = fopen(path, "re");
	struct config *config = NULL;
	struct buf text = { 0 };
	char part[4096];
	size_t got;

	if (file == NULL) {
		fprintf(errors, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	buf_adds(&text, "");
	while (text.len <= CONFIG_BYTES_MAX &&
	    (got = fread(part, 1, sizeof(part), file)) > 0)
		buf_add(&text, part, got);
	if (ferror(file))
		fprintf(errors, "%s: %s\n", path, strerror(errno));
	else if (text.len > CONFIG_BYTES_MAX || strlen(text.data) < text.len)
		fprintf(errors, "%s: too large, or not a text\n", path);
	else
		config = config_parse(path, text.data, errors);
	fclose(file);
	buf_free(&text);
	return config;
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	cfg_free(config->cfg);
	free((char *)config->path);
	free(config);
}

/* Quoted so that libconfuse reads the same again. */
static void
print_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (strchr("\"\\$", *text) != NULL)
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void
print_setting(FILE *out, const struct setting *s, const void *base)
{
	const void *value = (const char *)base + s->offset;
	const char *indent = *s->section == '\0' ? "" : "\t";
	const char *const *list = value;

	fprintf(out, "%s# %s\n%s%s = ", indent, s->doc, indent, s->name);
	if (s->type == SET_TEXT) {
		print_quoted(out, *(const char *const *)value);
	} else if (s->type == SET_LIST) {
		fputc('{', out);
		for (; *list != NULL; list++) {
			print_quoted(out, *list);
			fputs(list[1] == NULL ? "" : ", ", out);
		}
		fputc('}', out);
	} else {
		fprintf(out, s->type == SET_MODE ? "%#o" : "%d",
		    *(const int *)value);
		fputs(s->type == SET_TIME ? "ms" : "", out);
	}
	fputc('\n', out);
}

static void
print_section(FILE *out, const char *section, const char *name,
    const void *base)
{
	if (name != NULL)
		fprintf(out, "\n%s%s%s {\n", section, *name == '\0' ? "" : " ",
		    name);
	for (size_t i = 0; i < config_settings_count; i++)
		if (strcmp(config_settings[i].section, section) == 0)
			print_setting(out, &config_settings[i], base);
	if (name != NULL)
		fputs("}\n", out);
}

void
config_print(const struct config *config, FILE *out)
{
	print_section(out, "", NULL, config);
	for (size_t i = 0; i < config->pools_count; i++)
		print_section(out, "pool", config->pools[i].name,
		    &config->pools[i]);
	print_section(out, "jobs", "", config);
	for (size_t i = 0; i < config->issuers_count; i++)
		print_section(out, "issuer", config->issuers[i].name,
		    &config->issuers[i]);
	for (size_t i = 0; i < config->providers_count; i++)
		print_section(out, "provider", config->providers[i].name,
		    &config->providers[i]);
}
