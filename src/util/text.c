#include "text.h"

enum { USER_ID_BYTES_MAX = 128 };

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

size_t
text_sequence(const char *data, size_t len)
{
	const unsigned char *s = (const unsigned char *)data;

	if (len == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4) /* a tail, overlong, too large */
		return 0;
	if (s[0] < 0xe0)
		return len >= 2 && is_tail(s[1]) ? 2 : 0;
	if (s[0] < 0xf0) {
		if (len < 3 || !is_tail(s[1]) || !is_tail(s[2]))
			return 0;
		if (s[0] == 0xe0 && s[1] < 0xa0) /* overlong */
			return 0;
		return s[0] == 0xed && s[1] > 0x9f ? 0 : 3; /* surrogate */
	}
	if (len < 4 || !is_tail(s[1]) || !is_tail(s[2]) || !is_tail(s[3]))
		return 0;
	if (s[0] == 0xf0 && s[1] < 0x90) /* overlong */
		return 0;
	return s[0] == 0xf4 && s[1] > 0x8f ? 0 : 4; /* above U+10FFFF */
}

ssize_t
text_code_points(const char *data, size_t len)
{
	ssize_t count = 0;

	for (size_t at = 0; at < len; count++) {
		size_t step = text_sequence(data + at, len - at);

		if (step == 0)
			return -1;
		at += step;
	}
	return count;
}

void
text_mend(char *data, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t step = text_sequence(data + at, len - at);

		if (step == 0)
			data[at] = '?';
		at += step > 0 ? step : 1;
	}
}

bool
text_has_control(const char *data, size_t len)
{
	const unsigned char *s = (const unsigned char *)data;

	for (size_t i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] == 0x7f)
			return true;
		/* U+0080-009F are C2 80 to C2 9F */
		if (s[i] == 0xc2 && i + 1 < len && s[i + 1] < 0xa0)
			return true;
	}
	return false;
}

bool
text_is_user_id(const char *data, size_t len)
{
	return len >= 1 && len <= USER_ID_BYTES_MAX &&
	    text_code_points(data, len) > 0 && !text_has_control(data, len);
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

ssize_t
text_percent_decode(char *data, size_t len, bool plus)
{
	size_t out = 0;

	for (size_t at = 0; at < len; at++) {
		char c = data[at];

		if (c == '%') {
			int high, low;

			if (len - at < 3)
				return -1;
			high = hex_value(data[at + 1]);
			low = hex_value(data[at + 2]);
			if (high < 0 || low < 0)
				return -1;
			c = (char)(high * 16 + low);
			at += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == '\0')
			return -1;
		data[out++] = c;
	}
	data[out] = '\0';
	return (ssize_t)out;
}
