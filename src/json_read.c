#include "json_scan.h"

#include <stdlib.h>
#include <string.h>

int
json_hex4(const char *p, const char *end)
{
	int value = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return value;
}

/* Append the UTF-8 of a code point. */
static char *
put_code_point(char *out, unsigned code)
{
	if (code < 0x80) {
		*out++ = (char)code;
		return out;
	}
	if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*out++ = (char)(0xe0 | code >> 12);
		} else {
			*out++ = (char)(0xf0 | code >> 18);
			*out++ = (char)(0x80 | (code >> 12 & 63));
		}
		*out++ = (char)(0x80 | (code >> 6 & 63));
	}
	*out++ = (char)(0x80 | (code & 63));
	return out;
}

char *
json_join_pairs(const char *data, size_t *len)
{
	const char *end = data + *len;
	char *first = malloc(*len + 1), *out = first;

	if (first == NULL)
		abort();
	while (data < end) {
		int code = -1;

		if (*data != '\\') {
			*out++ = *data++;
			continue;
		}
		if (data[1] == 'u')
			code = json_hex4(data + 2, end);
		if (code >= 0xd800 && code <= 0xdbff) {
			out += json_unescape(out, data, 12);
			data += 12;
			continue;
		}
		*out++ = *data++;
		*out++ = *data++; /* a backslash, or what it escapes */
	}
	*len = (size_t)(out - first);
	*out = '\0';
	return first;
}

size_t
json_unescape(char *out, const char *p, size_t len)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *end = p + len;
	char *first = out;

	while (p < end) {
		unsigned code;

		if (*p != '\\') {
			*out++ = *p++;
			continue;
		}
		if (p[1] != 'u') {
			*out++ = to[strchr(from, p[1]) - from];
			p += 2;
			continue;
		}
		code = (unsigned)json_hex4(p + 2, end);
		p += 6;
		if (code >= 0xd800 && code <= 0xdbff) {
			code = 0x10000 + ((code - 0xd800) << 10) +
			    ((unsigned)json_hex4(p + 2, end) - 0xdc00);
			p += 6;
		}
		out = put_code_point(out, code);
	}
	return (size_t)(out - first);
}

static const char *
skip_ws(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

/* The end of the string at p. */
static const char *
string_end(const char *p)
{
	for (p++; *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p + 1;
}

/* The end of the value at p, in a text that passed json_scan. */
static const char *
value_end(const char *p)
{
	int depth = 0;

	for (;;) {
		if (*p == '"') {
			p = string_end(p);
			if (depth == 0)
				return p;
			continue;
		}
		if (depth == 0 && strchr(",]} \t\r\n", *p) != NULL)
			return p;
		if (*p == '{' || *p == '[')
			depth++;
		else if ((*p == '}' || *p == ']') && --depth == 0)
			return p + 1;
		p++;
	}
}

/* Where the next item of a container begins, NULL at its end. */
static const char *
next_item(struct json_slice container, const char *cursor, char open)
{
	const char *p = cursor;

	if (p == NULL) {
		p = skip_ws(container.data);
		if (*p != open)
			return NULL;
		p++;
	}
	p = skip_ws(p);
	if (*p == ',')
		p = skip_ws(p + 1);
	return *p == '}' || *p == ']' ? NULL : p;
}

bool
json_next_member(struct json_slice object, const char **cursor,
    struct json_slice *name, struct json_slice *value)
{
	const char *p = next_item(object, *cursor, '{');

	if (p == NULL)
		return false;
	name->data = p;
	p = string_end(p);
	name->len = (size_t)(p - name->data);
	p = skip_ws(p);
	value->data = skip_ws(p + 1);
	*cursor = value_end(value->data);
	value->len = (size_t)(*cursor - value->data);
	return true;
}

bool
json_next_element(struct json_slice array, const char **cursor,
    struct json_slice *value)
{
	const char *p = next_item(array, *cursor, '[');

	if (p == NULL)
		return false;
	value->data = p;
	*cursor = value_end(p);
	value->len = (size_t)(*cursor - p);
	return true;
}

bool
json_unquote(struct json_slice string, char *out, size_t size)
{
	char *text;
	size_t len;

	if (string.len < 2 || string.data[0] != '"')
		return false;
	text = malloc(string.len);
	if (text == NULL)
		abort();
	len = json_unescape(text, string.data + 1, string.len - 2);
	if (len < size) {
		memcpy(out, text, len);
		out[len] = '\0';
	}
	free(text);
	return len < size;
}

bool
json_string_is(struct json_slice string, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);
	bool same;

	if (copy == NULL)
		abort();
	same = json_unquote(string, copy, size) && strcmp(copy, text) == 0;
	free(copy);
	return same;
}

struct json_slice
json_member(struct json_slice object, const char *name)
{
	struct json_slice key, value;
	const char *cursor = NULL;

	while (json_next_member(object, &cursor, &key, &value))
		if (json_string_is(key, name))
			return value;
	return (struct json_slice){ NULL, 0 };
}
