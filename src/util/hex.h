/*
 * Text forms of bytes: hexadecimal, and base64url as RFC 4648 section 5 has
 * it, without padding and only in its canonical form.
 */
#ifndef FLORIN_HEX_H
#define FLORIN_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Write 2*len lower-case digits and a NUL. */
void hex_encode(char *out, const uint8_t *data, size_t len);

/* Decode 2*len digits, which must be some, and add a NUL.  Returns out. */
char *hex_decode(char *out, const char *digits, size_t len);

/* Decode canonical base64url without padding; out needs 3*len/4 bytes.
 * Returns the number of bytes, -1 if the text is not canonical. */
ssize_t base64url_decode(uint8_t *out, const char *text, size_t len);

/* Write the text and a NUL; out needs 4*((len+2)/3)+1 bytes. */
size_t base64url_encode(char *out, const uint8_t *data, size_t len);

#endif
