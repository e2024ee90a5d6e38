/*
 * florinctl import: users of another system from a CSV file.  COPY into a
 * staging table, then steps of some thousand users, each a transaction: what
 * was done stays done, and the same file again does the rest.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_ROWS "10000"

enum { BLOCK_BYTES = 65536, HEADER_BYTES_MAX = 1024 };

/* A name of the header may be any column of florin.import_rows. */
static const char columns[] =
    " user_id email display_name created_at balance total_recharged currency"
    " first_recharged_at level plan period plan_expires_at streak"
    " last_checkin ";

struct import {
	struct ctl *ctl;
	FILE *file;
	const char *path;
	char header[HEADER_BYTES_MAX]; /* "user_id,balance,..." */
	bool dry_run, shows_progress;
	int64_t rows, made;
};

static void
progress(const struct import *m, const char *what, int64_t done, int64_t all)
{
	enum { WIDTH = 30 };
	int filled = all > 0 ? (int)(done * WIDTH / all) : WIDTH;

	if (m->shows_progress)
		fprintf(stderr, "\r%-8s [%.*s%*s] %lld/%lld\033[K", what,
		    filled, "##############################", WIDTH - filled,
		    "", (long long)done, (long long)all);
}

static void
end_progress(const struct import *m)
{
	if (m->shows_progress)
		fputs("\r\033[K", stderr);
}

/* The first line: names of columns, nothing else. */
static bool
read_header(struct import *m)
{
	char names[HEADER_BYTES_MAX], *rest = names, *name;

	if (fgets(m->header, sizeof(m->header), m->file) == NULL) {
		ctl_error("%s: no header line", m->path);
		return false;
	}
	/* Spreadsheets mark their UTF-8 so. */
	if (strncmp(m->header, "\xef\xbb\xbf", 3) == 0)
		memmove(m->header, m->header + 3, strlen(m->header + 3) + 1);
	m->header[strcspn(m->header, "\r\n")] = '\0';
	strcpy(names, m->header);
	rewind(m->file); /* COPY counts lines from here, and skips this one */
	while ((name = strsep(&rest, ",")) != NULL) {
		char word[HEADER_BYTES_MAX + 2];

		snprintf(word, sizeof(word), " %s ", name);
		if (name[0] == '\0' || strchr(name, ' ') != NULL ||
		    strstr(columns, word) == NULL) {
			ctl_error("%s: no such column: \"%s\"", m->path, name);
			return false;
		}
	}
	return true;
}

/* The server names line and column of what is wrong. */
static bool
end_copy(struct import *m)
{
	PGresult *result;
	bool done = true;

	while ((result = PQgetResult(m->ctl->db)) != NULL) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK && done) {
			const char *where = PQresultErrorField(result,
			    PG_DIAG_CONTEXT);

			ctl_error("%s: %s (%s)", m->path,
			    PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
			    where != NULL ? where : "?");
			done = false;
		}
		PQclear(result);
	}
	return done;
}

static bool
copy_rows(struct import *m)
{
	char sql[HEADER_BYTES_MAX + 128], *block = malloc(BLOCK_BYTES);
	int64_t sent = 0;
	bool sending = true;
	struct stat st;
	PGresult *result;
	size_t n;

	if (block == NULL || fstat(fileno(m->file), &st) != 0)
		abort();
	snprintf(sql, sizeof(sql),
	    "copy florin.import_rows (%s) from stdin (format csv, header)",
	    m->header);
	result = PQexec(m->ctl->db, sql);
	if (PQresultStatus(result) != PGRES_COPY_IN) {
		ctl_error("%s: %s", m->path, PQresultErrorMessage(result));
		sending = false;
	}
	PQclear(result);
	while (sending && (n = fread(block, 1, BLOCK_BYTES, m->file)) > 0) {
		sending = PQputCopyData(m->ctl->db, block, (int)n) == 1;
		sent += (int64_t)n;
		progress(m, "reading", sent, (int64_t)st.st_size);
	}
	free(block);
	end_progress(m);
	if (!sending)
		return false;
	PQputCopyEnd(m->ctl->db, ferror(m->file) ? "cannot read" : NULL);
	return end_copy(m);
}

/* Lines that cannot be imported end everything before it begins. */
static int
show_diff(struct import *m)
{
	PGresult *result = ctl_query(m->ctl,
	    "select what, count(*) from florin.import_diff()"
	    " group by 1 order by 1",
	    0, NULL);
	bool bad = false;

	if (result == NULL)
		return CTL_FAILED;
	for (int i = 0; i < PQntuples(result); i++) {
		bad |= strcmp(PQgetvalue(result, i, 0), "problem") == 0;
		printf("%s: %s\n", PQgetvalue(result, i, 0),
		    PQgetvalue(result, i, 1));
	}
	PQclear(result);
	result = ctl_query(m->ctl,
	    "select user_id, what, detail from florin.import_diff()"
	    " where what in ('problem', 'differs')"
	    " order by what desc, user_id limit 20",
	    0, NULL);
	if (result == NULL)
		return CTL_FAILED;
	if (PQntuples(result) > 0)
		table_print(result);
	PQclear(result);
	return bad ? CTL_REFUSED : CTL_DONE;
}

static bool
run_steps(struct import *m)
{
	char *last = strdup(""), *all;
	int64_t total = 0, done = 0;

	all = ctl_value(m->ctl, "select count(*) from florin.import_rows", 0,
	    NULL);
	total = all == NULL ? 0 : strtoll(all, NULL, 10);
	free(all);
	while (last != NULL && done < total) {
		const char *values[] = { last };
		PGresult *result = ctl_query(m->ctl,
		    "select * from florin.import_users($1, " STEP_ROWS
		    ", '" CTL_CALLER "')",
		    1, values);

		free(last);
		last = NULL;
		if (result == NULL)
			break;
		done += strtoll(PQgetvalue(result, 0, 1), NULL, 10);
		m->made += strtoll(PQgetvalue(result, 0, 2), NULL, 10);
		if (!PQgetisnull(result, 0, 0))
			last = strdup(PQgetvalue(result, 0, 0));
		PQclear(result);
		progress(m, "writing", done, total);
	}
	end_progress(m);
	free(last);
	m->rows = done;
	return done == total;
}

/* What the file says in sum and what the ledger says must be one. */
static int
prove(struct import *m)
{
	PGresult *result = ctl_query(m->ctl,
	    "select coalesce(sum(i.balance), 0), coalesce(sum(t.amount), 0)"
	    " from florin.import_rows i left join florin.credit_transactions t"
	    " on t.user_id = i.user_id and t.seq = 1 and t.kind = 'import'",
	    0, NULL);
	bool same;

	if (result == NULL)
		return CTL_FAILED;
	same = strcmp(PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1)) == 0;
	printf("%lld rows, %lld new users\n"
	       "balances in the file: %s\nopening balances in the ledger: %s\n",
	    (long long)m->rows, (long long)m->made, PQgetvalue(result, 0, 0),
	    PQgetvalue(result, 0, 1));
	PQclear(result);
	if (!same)
		ctl_error("the sums differ: users who were there before are "
			  "left as they are (--dry-run shows them)");
	return same ? CTL_DONE : CTL_REFUSED;
}

static int
run(struct import *m)
{
	int status;

	if (!read_header(m))
		return CTL_REFUSED;
	if (!ctl_connect_owner(m->ctl))
		return CTL_FAILED;
	if (!ctl_run(m->ctl, "truncate florin.import_rows") || !copy_rows(m))
		return CTL_REFUSED;
	if (!ctl_run(m->ctl, "analyze florin.import_rows"))
		return CTL_FAILED;
	status = show_diff(m);
	if (status == CTL_DONE && !m->dry_run)
		status = run_steps(m) ? prove(m) : CTL_FAILED;
	if (!ctl_run(m->ctl, "truncate florin.import_rows"))
		return CTL_FAILED;
	return status;
}

static int
import_command(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	struct import m = { .ctl = ctl, .shows_progress = isatty(2) };
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'n')
			return ctl_usage(ctl);
		m.dry_run = true;
	}
	if (argc - optind != 1)
		return ctl_usage(ctl);
	m.path = argv[optind];
	m.file = fopen(m.path, "r");
	if (m.file == NULL) {
		ctl_error("%s: %m", m.path);
		return CTL_FAILED;
	}
	status = run(&m);
	fclose(m.file);
	return status;
}

const struct command import_commands[] = {
	{ "import", import_command, "FILE.csv [--dry-run]",
	    "make users with opening balances from a CSV file" },
	{ NULL, NULL, NULL, NULL },
};
