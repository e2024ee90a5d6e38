#include "hex.h"

static const char base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
hex_encode(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

char *
hex_decode(char *out, const char *digits, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (char)(hex_value(digits[2 * i]) << 4 |
		    hex_value(digits[2 * i + 1]));
	out[len] = '\0';
	return out;
}

static int
base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

ssize_t
base64url_decode(uint8_t *out, const char *text, size_t len)
{
	uint32_t bits = 0;
	unsigned bits_count = 0;
	size_t out_len = 0;

	if (len % 4 == 1)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int value = base64url_value(text[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		bits_count += 6;
		if (bits_count >= 8) {
			bits_count -= 8;
			out[out_len++] = (uint8_t)(bits >> bits_count);
			bits &= (1U << bits_count) - 1;
		}
	}
	/* left-over bits that are not zero: a second text for these bytes */
	return bits == 0 ? (ssize_t)out_len : -1;
}

size_t
base64url_encode(char *out, const uint8_t *data, size_t len)
{
	uint32_t bits = 0;
	unsigned bits_count = 0;
	size_t out_len = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | data[i];
		for (bits_count += 8; bits_count >= 6;) {
			bits_count -= 6;
			out[out_len++] = base64url[bits >> bits_count & 63];
		}
	}
	if (bits_count > 0)
		out[out_len++] = base64url[bits << (6 - bits_count) & 63];
	out[out_len] = '\0';
	return out_len;
}
