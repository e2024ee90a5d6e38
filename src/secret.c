#include "secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
secret_path(char *out, size_t size, const char *file)
{
	static const char prefix[] = "credential:";
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	const char *name = file + sizeof(prefix) - 1;

	if (strncmp(file, prefix, sizeof(prefix) - 1) != 0)
		return snprintf(out, size, "%s", file) < (int)size;
	if (directory == NULL || *name == '\0' || strchr(name, '/') != NULL)
		return false;
	return snprintf(out, size, "%s/%s", directory, name) < (int)size;
}

const char *
secret_load(const char *file, unsigned char *out, size_t size, size_t *len)
{
	char path[4096];
	bool broken;
	FILE *f;

	*len = 0;
	if (!secret_path(path, sizeof(path), file))
		return "there is no such credential";
	if ((f = fopen(path, "re")) == NULL)
		return strerror(errno);
	setvbuf(f, NULL, _IONBF, 0); /* no second copy of the secret */
	*len = fread(out, 1, size, f);
	broken = ferror(f) != 0;
	fclose(f);
	if (broken)
		return "it cannot be read";
	if (*len > 0 && out[*len - 1] == '\n')
		--*len;
	return *len + 2 > size ? "it is too long" : NULL;
}
