/*
 * Files of SQL, in order, with their checksums; secrets.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/hex.h"
#include "util/sha256.h"

enum { FILE_BYTES_MAX = 4 << 20, SECRET_BYTES_MIN = 32 };

char *
file_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *text = malloc(FILE_BYTES_MAX + 1);
	bool failed;

	if (file == NULL || text == NULL) {
		ctl_error("%s: %m", path);
		goto fail;
	}
	*len = fread(text, 1, FILE_BYTES_MAX + 1, file);
	failed = ferror(file) != 0;
	if (failed || *len > FILE_BYTES_MAX) {
		ctl_error("%s: %s", path,
		    failed ? strerror(errno) : "the file is too large");
		goto fail;
	}
	fclose(file);
	text[*len] = '\0';
	return text;
fail:
	if (file != NULL)
		fclose(file);
	free(text);
	return NULL;
}

static bool
load(struct sql_file *file)
{
	uint8_t digest[SHA256_BYTES];
	char *slash = strrchr(file->path, '/');

	file->name = slash == NULL ? file->path : slash + 1;
	file->text = file_read(file->path, &file->len);
	if (file->text == NULL)
		return false;
	sha256(digest, &(struct iovec){ file->text, file->len }, 1);
	hex_encode(file->checksum, digest, sizeof(digest));
	return true;
}

bool
sql_file_read(struct sql_file *file, const char *dir, const char *name)
{
	if (asprintf(&file->path, "%s/%s", dir, name) < 0)
		abort();
	if (load(file))
		return true;
	free(file->path);
	return false;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool
is_sql(const FTSENT *entry)
{
	return entry->fts_info == FTS_F && entry->fts_name[0] != '.' &&
	    entry->fts_namelen > 4 &&
	    strcmp(entry->fts_name + entry->fts_namelen - 4, ".sql") == 0;
}

static bool
append(struct sql_files *files, const char *path)
{
	struct sql_file *file;

	files->rows = reallocarray(files->rows, files->count + 1,
	    sizeof(files->rows[0]));
	if (files->rows == NULL)
		abort();
	file = &files->rows[files->count];
	*file = (struct sql_file){ .path = strdup(path) };
	files->count++;
	return load(file);
}

bool
sql_files_read(struct sql_files *files, const char *dir, const char *sub)
{
	char *path;
	FTS *tree;
	bool done = true;

	*files = (struct sql_files){ 0 };
	if (asprintf(&path, "%s/%s", dir, sub) < 0)
		abort();
	tree = fts_open((char *[]){ path, NULL }, FTS_LOGICAL | FTS_NOCHDIR,
	    by_name);
	for (FTSENT *e; tree != NULL && done && (e = fts_read(tree)) != NULL;)
		if (is_sql(e))
			done = append(files, e->fts_path);
	if (tree != NULL)
		fts_close(tree);
	free(path);
	if (!done)
		sql_files_free(files);
	return done;
}

void
sql_file_free(struct sql_file *file)
{
	free(file->path);
	free(file->text);
}

void
sql_files_free(struct sql_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		sql_file_free(&files->rows[i]);
	free(files->rows);
	*files = (struct sql_files){ 0 };
}

void
sql_checksum_add(char checksum[65], struct sql_file *file)
{
	uint8_t digest[SHA256_BYTES];
	struct iovec pieces[] = {
		{ checksum, strlen(checksum) },
		{ file->name, strlen(file->name) },
		{ file->checksum, strlen(file->checksum) },
	};

	sha256(digest, pieces, 3);
	hex_encode(checksum, digest, sizeof(digest));
}

char *
secret_read(const char *path, size_t *len)
{
	char *secret = file_read(path, len);

	if (secret == NULL)
		return NULL;
	if (*len > 0 && secret[*len - 1] == '\n')
		secret[--*len] = '\0';
	if (*len >= SECRET_BYTES_MIN)
		return secret;
	ctl_error("%s: a secret has at least %d bytes", path, SECRET_BYTES_MIN);
	free(secret);
	return NULL;
}
