/*
 * Secrets of the program stand in files; "credential:NAME" is a file of the
 * folder that systemd made for us ($CREDENTIALS_DIRECTORY).
 */
#ifndef FLORIN_SECRET_H
#define FLORIN_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* The path of a secret; false if there is no such credential. */
bool secret_path(char *out, size_t size, const char *file);

/* Read a secret of at most `size` - 2 bytes; one final newline is not part of
 * it.  NULL and *len, or what is wrong. */
const char *
secret_load(const char *file, unsigned char *out, size_t size, size_t *len);

#endif
