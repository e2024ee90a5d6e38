/*
 * Words of the command line, checked as strictly as the fields of a request.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "util/hex.h"
#include "util/text.h"

enum { REASON_MAX = 500, RANDOM_BYTES_MAX = 64 };

bool
argument_integer(const char *text, int64_t min, int64_t max, int64_t *value)
{
	char *end;
	long long n;

	if (text[strspn(text, "-0123456789")] != '\0')
		return false;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < min || n > max)
		return false;
	*value = n;
	return true;
}

bool
argument_user_id(const char *text)
{
	return text_is_user_id(text, strlen(text));
}

bool
argument_reason(const char *text)
{
	ssize_t length = text_code_points(text, strlen(text));

	return length >= 1 && length <= REASON_MAX;
}

void
random_hex(char *out, size_t bytes)
{
	uint8_t data[RANDOM_BYTES_MAX];

	if (bytes > sizeof(data) || getrandom(data, bytes, 0) != (ssize_t)bytes)
		abort();
	hex_encode(out, data, bytes);
}
