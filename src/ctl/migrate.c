/*
 * florinctl migrate: tables once, in order, checksummed; functions and rights
 * anew each time; all in one transaction under an advisory lock.
 */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Any number that nobody else uses: "florin" in ASCII. */
#define LOCK_KEY "112603908270446"

/* Row 0 of florin.migrations: the checksum of all that is replaced. */
#define FUNCTIONS_ROW "0"

static const char bookkeeping[] =
    "set local role florin_owner;"
    "create table if not exists florin.migrations ("
    "	number integer primary key check (number >= 0),"
    "	name text not null,"
    "	checksum text not null,"
    "	applied_at timestamptz not null default clock_timestamp())";

/* All that migrate makes anew, as one value to compare. */
static const char state_sql[] =
    "with place as ("
    "	select oid, nspname from pg_namespace where nspname in"
    "		('florin', 'florin_api', 'florin_admin', 'florin_jobs')"
    "), item (kind, name, value) as ("
    "	select 'function', p.oid::regprocedure::text,"
    "		pg_get_functiondef(p.oid) || p.proowner"
    "		|| coalesce(p.proacl::text, '')"
    "	from pg_proc p join place on place.oid = p.pronamespace"
    "	union all select 'relation', c.oid::regclass::text,"
    "		c.relowner || coalesce(c.relacl::text, '')"
    "	from pg_class c join place on place.oid = c.relnamespace"
    "	union all select 'column', a.attrelid::regclass || '.' || a.attname,"
    "		a.attacl::text"
    "	from pg_attribute a join pg_class c on c.oid = a.attrelid"
    "	join place on place.oid = c.relnamespace where a.attacl is not null"
    "	union all select 'type', t.oid::regtype::text,"
    "		coalesce(t.typacl::text, '')"
    "	from pg_type t join place on place.oid = t.typnamespace"
    "	union all select 'schema', n.nspname::text,"
    "		n.nspowner || coalesce(n.nspacl::text, '')"
    "	from pg_namespace n where n.nspname = 'public'"
    "		or n.oid in (select oid from place)"
    "	union all select 'database', '',"
    "		d.datdba || coalesce(d.datacl::text, '')"
    "	from pg_database d where d.datname = current_database()"
    "	union all select 'default', defaclobjtype::text, defaclacl::text"
    "	from pg_default_acl"
    "	union all select 'role', rolname::text,"
    "		rolcanlogin || coalesce(s.setconfig::text, '')"
    "	from pg_roles r left join pg_db_role_setting s"
    "		on s.setrole = r.oid and s.setdatabase = 0"
    "	where rolname ~ '^florin_'"
    ")"
    "select md5(coalesce(string_agg(md5(kind || ':' || name || ':' || value),"
    "	'' order by kind, name, value), '')) from item";

struct migration_run {
	struct ctl *ctl;
	bool wants_test_mode; /* --test-mode */
	bool test_mode;       /* what the installation is */
	bool installed;       /* there was one before */
	bool functions_old;   /* files differ from what was installed */
	size_t applied;       /* migrations in this run */
	size_t replaced;      /* files of functions */
	int version;          /* the last migration's number */
	char *state;          /* of the database before */
};

/* Run a file; a fault is told with the file's line. */
static bool
run_file(struct ctl *ctl, const struct sql_file *file)
{
	PGresult *result = PQexec(ctl->db, file->text);
	ExecStatusType status = PQresultStatus(result);
	bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	const char *position, *message;
	long line = 1;

	if (done) {
		PQclear(result);
		return true;
	}
	position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (position != NULL) {
		/* In characters: count the starts of UTF-8 sequences. */
		long left = strtol(position, NULL, 10);

		for (const char *p = file->text; *p != '\0' && left > 1; p++) {
			line += *p == '\n';
			left -= (p[1] & 0xc0) != 0x80;
		}
		ctl_error("%s:%ld: %s", file->path, line, message);
	} else {
		ctl_error("%s: %s", file->path,
		    message == NULL ? PQerrorMessage(ctl->db) : message);
	}
	PQclear(result);
	return false;
}

/* Files of the folder sql itself, by name. */
static bool
run_named(struct ctl *ctl, const char *name)
{
	struct sql_file file;
	bool done;

	if (!sql_file_read(&file, ctl->sql_dir, name))
		return false;
	done = run_file(ctl, &file);
	sql_file_free(&file);
	return done;
}

/* The number of NNNN_name.sql, -1 if it has none. */
static int
number_of(const struct sql_file *file)
{
	if (strspn(file->name, "0123456789") != 4 || file->name[4] != '_')
		return -1;
	return atoi(file->name);
}

/* Apply a migration that was not; compare the checksum of one that was. */
static int
apply(struct migration_run *run, const struct sql_file *file)
{
	char number[16];
	const char *values[] = { number, file->name, file->checksum };
	char *known;
	int same;

	snprintf(number, sizeof(number), "%d", run->version);
	known = ctl_value(run->ctl,
	    "select checksum from florin.migrations where number = $1", 1,
	    values);
	if (known != NULL) {
		same = strcmp(known, file->checksum) == 0;
		free(known);
		if (same)
			return CTL_DONE;
		ctl_error("%s was changed after it was applied: write a new "
			  "migration instead",
		    file->path);
		return CTL_REFUSED;
	}
	if (!run_file(run->ctl, file))
		return CTL_FAILED;
	PQclear(ctl_query(run->ctl,
	    "insert into florin.migrations (number, name, checksum)"
	    " values ($1, $2, $3)",
	    3, values));
	printf("applied %s\n", file->name);
	run->applied++;
	return PQtransactionStatus(run->ctl->db) == PQTRANS_INTRANS
	    ? CTL_DONE
	    : CTL_FAILED;
}

/* The database must have no migration that is not among the files. */
static int
refuse_unknown(const struct migration_run *run, size_t files_count)
{
	char *applied = ctl_value(run->ctl,
	    "select count(*) from florin.migrations"
	    " where number <> " FUNCTIONS_ROW,
	    0, NULL);
	size_t count = applied == NULL ? SIZE_MAX : strtoul(applied, NULL, 10);

	free(applied);
	if (count <= files_count)
		return CTL_DONE;
	ctl_error("the database has migrations that are not here: these files "
		  "are of an older release");
	return CTL_REFUSED;
}

static int
apply_migrations(struct migration_run *run)
{
	struct sql_files files;
	int status = CTL_DONE;

	if (!sql_files_read(&files, run->ctl->sql_dir, "migrate"))
		return CTL_FAILED;
	if (files.count == 0) {
		ctl_error("%s/migrate: no migrations there", run->ctl->sql_dir);
		status = CTL_FAILED;
	}
	for (size_t i = 0; i < files.count && status == CTL_DONE; i++) {
		int number = number_of(&files.rows[i]);

		if (number <= run->version) {
			ctl_error("%s: its number should be %04d or more",
			    files.rows[i].path, run->version + 1);
			status = CTL_FAILED;
			break;
		}
		run->version = number;
		status = apply(run, &files.rows[i]);
	}
	if (status == CTL_DONE)
		status = refuse_unknown(run, files.count);
	sql_files_free(&files);
	return status;
}

/* test_mode is decided by the first install and stays. */
static int
decide_mode(struct migration_run *run)
{
	const char *values[] = { run->wants_test_mode ? "true" : "false" };
	char *mode;

	if (!run->installed)
		PQclear(ctl_query(run->ctl,
		    "insert into florin.installation (test_mode) values ($1)",
		    1, values));
	mode = ctl_value(run->ctl, "select test_mode from florin.installation",
	    0, NULL);
	if (mode == NULL)
		return CTL_FAILED;
	run->test_mode = strcmp(mode, "t") == 0;
	free(mode);
	if (run->test_mode || !run->wants_test_mode)
		return CTL_DONE;
	ctl_error("this installation was made without --test-mode: it keeps "
		  "the real clock");
	return CTL_REFUSED;
}

/* Run all files below a folder and carry the checksum on. */
static bool
replace_folder(struct migration_run *run, const char *folder, char checksum[65])
{
	struct sql_files files;
	bool done = true;

	if (!sql_files_read(&files, run->ctl->sql_dir, folder))
		return false;
	for (size_t i = 0; i < files.count && done; i++) {
		done = run_file(run->ctl, &files.rows[i]);
		sql_checksum_add(checksum, &files.rows[i]);
		run->replaced++;
	}
	sql_files_free(&files);
	return done;
}

static bool
note_functions(struct migration_run *run, const char *checksum)
{
	const char *values[] = { checksum };
	char *old = ctl_value(run->ctl,
	    "select checksum from florin.migrations"
	    " where number = " FUNCTIONS_ROW,
	    0, NULL);

	run->functions_old = old == NULL || strcmp(old, checksum) != 0;
	free(old);
	PQclear(ctl_query(run->ctl,
	    "insert into florin.migrations (number, name, checksum)"
	    " values (" FUNCTIONS_ROW ", 'functions', $1)"
	    " on conflict (number) do update set checksum = excluded.checksum,"
	    "	applied_at = excluded.applied_at",
	    1, values));
	return PQtransactionStatus(run->ctl->db) == PQTRANS_INTRANS;
}

static bool
replace_functions(struct migration_run *run)
{
	char checksum[65] = "";
	struct ctl *ctl = run->ctl;

	return ctl_run(ctl, "set local check_function_bodies = off") &&
	    run_named(ctl, "clear.sql") &&
	    replace_folder(run, "core", checksum) &&
	    (!run->test_mode || replace_folder(run, "test_mode", checksum)) &&
	    replace_folder(run, "api", checksum) &&
	    replace_folder(run, "jobs", checksum) &&
	    run_named(ctl, "rights.sql") &&
	    replace_folder(run, "seed", checksum) &&
	    note_functions(run, checksum);
}

/* True if this run made no difference: then it is undone, so that nothing
 * that runs has to plan again. */
static bool
changed_nothing(struct migration_run *run)
{
	char *state;
	bool same;

	if (run->applied > 0 || run->functions_old)
		return false;
	state = ctl_value(run->ctl, state_sql, 0, NULL);
	same = state != NULL && run->state != NULL &&
	    strcmp(state, run->state) == 0;
	free(state);
	return same;
}

static int
finish(struct migration_run *run)
{
	const char *mode = run->test_mode ? ", test mode" : "";

	if (changed_nothing(run)) {
		if (!ctl_run(run->ctl, "rollback"))
			return CTL_FAILED;
		printf("nothing to do: schema %d%s\n", run->version, mode);
		return CTL_DONE;
	}
	if (!ctl_run(run->ctl, "commit"))
		return CTL_FAILED;
	printf("replaced functions, rights and seed (%zu files)\n",
	    run->replaced);
	printf("schema %d%s\n", run->version, mode);
	return CTL_DONE;
}

/* Everything between begin and commit. */
static int
migrate(struct migration_run *run)
{
	struct ctl *ctl = run->ctl;
	char *known;
	int status;

	if (!ctl_run(ctl, "begin") ||
	    !ctl_run(ctl, "select pg_advisory_xact_lock(" LOCK_KEY ")"))
		return CTL_FAILED;
	run->state = ctl_value(ctl, state_sql, 0, NULL);
	known = ctl_value(ctl, "select to_regclass('florin.installation')", 0,
	    NULL);
	run->installed = known != NULL;
	free(known);
	if (!run_named(ctl, "roles.sql") || !ctl_run(ctl, bookkeeping))
		return CTL_FAILED;
	if ((status = apply_migrations(run)) != CTL_DONE ||
	    (status = decide_mode(run)) != CTL_DONE)
		return status;
	return replace_functions(run) ? finish(run) : CTL_FAILED;
}

static int
migrate_command(struct ctl *ctl, int argc, char **argv)
{
	static const struct option options[] = {
		{ "test-mode", no_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	struct migration_run run = { .ctl = ctl };
	int c, status;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (c != 't')
			return ctl_usage(ctl);
		else
			run.wants_test_mode = true;
	if (optind != argc)
		return ctl_usage(ctl);
	if (!ctl_connect(ctl))
		return CTL_FAILED;
	status = migrate(&run);
	free(run.state);
	if (status != CTL_DONE)
		ctl_error("nothing was changed");
	return status;
}

const struct command migrate_commands[] = {
	{ "migrate", migrate_command, "[--test-mode]",
	    "install Florin in the database, or bring it up to date" },
	{ NULL, NULL, NULL, NULL },
};
