/*
 * florinctl: what its commands share.  Exit statuses: 0 done, CTL_REFUSED the
 * database or a check said no, CTL_FAILED the command could not run,
 * CTL_USAGE it was called wrongly.  Messages go to standard error.
 */
#ifndef FLORIN_CTL_H
#define FLORIN_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

enum { CTL_DONE = 0, CTL_REFUSED = 1, CTL_FAILED = 2, CTL_USAGE = 64 };

#define CTL_CALLER "admin:florinctl" /* who the operation log names */

struct ctl {
	const char *database;    /* libpq connection string, NULL: defaults */
	const char *config_path; /* settings of the program */
	const char *sql_dir;
	const struct command *command; /* the one that runs */
	PGconn *db;                    /* NULL before ctl_connect */
};

struct command {
	const char *name;
	int (*run)(struct ctl *ctl, int argc, char **argv); /* exit status */
	const char *usage; /* its words after the name; a line for each form */
	const char *doc;
};

/* The groups of commands, each ended by a row without a name. */
extern const struct command migrate_commands[];
extern const struct command check_commands[];
extern const struct command token_commands[];
extern const struct command user_commands[];
extern const struct command credits_commands[];
extern const struct command verify_commands[];
extern const struct command clock_commands[];
extern const struct command jwt_commands[];
extern const struct command import_commands[];
extern const struct command export_commands[];
extern const struct command payments_commands[];
extern const struct command settings_commands[];

void ctl_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print how the running command is called; returns CTL_USAGE. */
int ctl_usage(const struct ctl *ctl);

/* Complain about an argument; returns CTL_USAGE. */
int ctl_bad(const struct ctl *ctl, const char *what, const char *value);

/* --- session.c: the connection --- */

/* Connect with UTC and ISO times and no notices.  False after a message. */
bool ctl_connect(struct ctl *ctl);

/* Connect and become florin_owner in an installed database. */
bool ctl_connect_owner(struct ctl *ctl);

/* The second half of it. */
bool ctl_become_owner(struct ctl *ctl);

/* Run one statement; NULL after a message.  The caller clears the result. */
PGresult *ctl_query(struct ctl *ctl, const char *sql, int count,
    const char *const *values);

/* Run statements without results; false after a message. */
bool ctl_run(struct ctl *ctl, const char *sql);

/* The first column of the first row, a copy to be freed; NULL after a
 * message or if there is no row or no value. */
char *ctl_value(struct ctl *ctl, const char *sql, int count,
    const char *const *values);

/* Call a function of the API that returns florin.answer.  Prints a refusal
 * with its code.  *body, to be freed, is the answer's JSON. */
int ctl_call(struct ctl *ctl, const char *sql, int count,
    const char *const *values, char **body);

/* --- arguments.c: words of the command line --- */

/* An integer in min..max. */
bool
argument_integer(const char *text, int64_t min, int64_t max, int64_t *value);
bool argument_user_id(const char *text);
bool argument_reason(const char *text); /* 1..500 characters of UTF-8 */

/* Who runs this, for the operation log: "florinctl/0.1 (root)". */
enum { CTL_AGENT_SIZE = 128 };
void ctl_agent(char out[CTL_AGENT_SIZE]);

/* `bytes` random bytes as hexadecimal digits and a NUL. */
void random_hex(char *out, size_t bytes);

/* --- files.c: files of SQL and secrets --- */

struct sql_file {
	char *path; /* as opened */
	char *name; /* in path: without its folder */
	char *text;
	size_t len;
	char checksum[65]; /* SHA-256, hexadecimal */
};

struct sql_files {
	struct sql_file *rows; /* in order of their paths */
	size_t count;
};

/* A whole file with a NUL after it, to be freed; NULL after a message. */
char *file_read(const char *path, size_t *len);

/* All *.sql below dir/sub (none if it is not there); false after a message. */
bool sql_files_read(struct sql_files *files, const char *dir, const char *sub);

/* One file; false after a message. */
bool sql_file_read(struct sql_file *file, const char *dir, const char *name);
void sql_file_free(struct sql_file *file);
void sql_files_free(struct sql_files *files);

/* Carry the checksum of many files on: "" at first. */
void sql_checksum_add(char checksum[65], struct sql_file *file);

/* Read a key: at least 32 bytes, one final newline is not part of it.  To be
 * freed; NULL after a message. */
char *secret_read(const char *path, size_t *len);

/* --- table.c: answers for people --- */

/* Print a result as a table with headings; numbers stand right. */
bool table_print(const PGresult *result);

#endif
