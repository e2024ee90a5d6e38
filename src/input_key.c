#include "input.h"

#include <stdlib.h>
#include <string.h>

#include "util/hex.h"
#include "util/sha256.h"

enum { KEY_BYTES_MAX = 255, HASH_VALUES_MAX = 32 };

/* A mark that differs for NULL, then the length, most significant first. */
static void
put_length(uint8_t out[9], const char *value)
{
	uint64_t len = value == NULL ? 0 : strlen(value);

	out[0] = value != NULL;
	for (int i = 8; i > 0; i--, len >>= 8)
		out[i] = (uint8_t)len;
}

void
input_hash(char out[67], const char *function, const char *const *values,
    size_t count)
{
	uint8_t lengths[HASH_VALUES_MAX + 1][9], digest[SHA256_BYTES];
	struct iovec pieces[2 * (HASH_VALUES_MAX + 1)];

	if (count > HASH_VALUES_MAX)
		abort();
	for (size_t i = 0; i <= count; i++) {
		const char *value = i == 0 ? function : values[i - 1];

		put_length(lengths[i], value);
		pieces[2 * i] = (struct iovec){ lengths[i], 9 };
		pieces[2 * i + 1] = (struct iovec){ (char *)value,
			value == NULL ? 0 : strlen(value) };
	}
	sha256(digest, pieces, 2 * (count + 1));
	memcpy(out, "\\x", 2);
	hex_encode(out + 2, digest, sizeof(digest));
}

/* True if a backslash at i makes the next character a plain one, as in a
 * structured field (RFC 8941). */
static bool
is_escape(const char *text, size_t i)
{
	return text[i] == '\\' && (text[i + 1] == '"' || text[i + 1] == '\\');
}

const char *
input_key(struct arena *a, const char *header)
{
	size_t len = strlen(header), out = 0;
	bool quoted = len >= 2 && header[0] == '"' && header[len - 1] == '"';
	size_t end = quoted ? len - 1 : len;
	char *key = arena_alloc(a, len + 1);

	for (size_t i = quoted; i < end; i++) {
		if (quoted && is_escape(header, i))
			i++;
		else if (header[i] == '"')
			return NULL;
		if (i == end || header[i] < 0x21 || header[i] > 0x7e)
			return NULL;
		key[out++] = header[i];
	}
	return out >= 1 && out <= KEY_BYTES_MAX ? key : NULL;
}
