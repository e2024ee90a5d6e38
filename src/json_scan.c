#include "json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "util/text.h"

enum { KEYS_INLINE = 32, KEYS_COMPARED_MAX = 8 };

struct key {
	const char *text; /* unescaped */
	size_t len;
	size_t offset; /* of its quote */
};

/* What the scan knows.  Keys of the objects that are still open stand in one
 * stack; those that had escapes point into `unescaped`. */
struct scan {
	const char *start, *p, *end;
	size_t fault_at;
	int depth, depth_max;
	struct {
		bool object;
		size_t first_key;
		size_t unescaped_used;
	} open[JSON_DEPTH_LIMIT];
	struct key *keys, keys_inline[KEYS_INLINE];
	size_t keys_count, keys_size;
	char *unescaped;
	size_t unescaped_used;
};

const char *
json_fault_text(enum json_fault fault)
{
	static const char *const texts[] = {
		[JSON_OK] = "no fault",
		[JSON_EMPTY] = "there is no value",
		[JSON_SYNTAX] = "not JSON (RFC 8259)",
		[JSON_UTF8] = "not UTF-8",
		[JSON_NUL] = "U+0000 is not allowed",
		[JSON_SURROGATE] = "an unpaired surrogate",
		[JSON_DUPLICATE] = "a member is named twice",
		[JSON_DEPTH] = "nested too deeply (at most 8 levels)",
		[JSON_NUMBER] = "a number is too large or too long "
				"(at most 16 digits before the point)",
		[JSON_TRAILING] = "something follows the value",
	};

	return texts[fault];
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end &&
	    (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static enum json_fault
fault_here(struct scan *s, const char *at, enum json_fault fault)
{
	s->fault_at = (size_t)(at - s->start);
	return fault;
}

/* What follows the "\u". */
static enum json_fault
scan_unicode(struct scan *s, const char *backslash)
{
	int unit = json_hex4(s->p, s->end), low;

	if (unit < 0)
		return fault_here(s, backslash, JSON_SYNTAX);
	if (unit == 0)
		return fault_here(s, backslash, JSON_NUL);
	s->p += 4;
	if (unit < 0xd800 || unit > 0xdfff)
		return JSON_OK;
	if (unit > 0xdbff || s->end - s->p < 6 || s->p[0] != '\\' ||
	    s->p[1] != 'u')
		return fault_here(s, backslash, JSON_SURROGATE);
	low = json_hex4(s->p + 2, s->end);
	if (low < 0xdc00 || low > 0xdfff)
		return fault_here(s, backslash,
		    low < 0 ? JSON_SYNTAX : JSON_SURROGATE);
	s->p += 6;
	return JSON_OK;
}

/* A string from its quote on. */
static enum json_fault
scan_string(struct scan *s, bool *escaped)
{
	*escaped = false;
	for (s->p++; s->p < s->end && *s->p != '"';) {
		const char *at = s->p;
		enum json_fault fault;
		size_t step;

		if ((unsigned char)*at < 0x20)
			return fault_here(s, at, JSON_SYNTAX);
		if (*at != '\\') {
			step = text_sequence(at, (size_t)(s->end - at));
			if (step == 0)
				return fault_here(s, at, JSON_UTF8);
			s->p += step;
			continue;
		}
		*escaped = true;
		if (s->end - at < 2 || at[1] == '\0' ||
		    strchr("\"\\/bfnrtu", at[1]) == NULL)
			return fault_here(s, at, JSON_SYNTAX);
		s->p += 2;
		if (at[1] == 'u' && (fault = scan_unicode(s, at)) != JSON_OK)
			return fault;
	}
	if (s->p == s->end)
		return fault_here(s, s->p, JSON_SYNTAX);
	s->p++;
	return JSON_OK;
}

static size_t
skip_digits(struct scan *s)
{
	const char *first = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - first);
}

/* "e-7": false if it is malformed; *large if it passes the limit. */
static bool
scan_exponent(struct scan *s, bool *large)
{
	const char *first;
	int value = 0;

	if (s->p == s->end || (*s->p != 'e' && *s->p != 'E'))
		return true;
	s->p++;
	if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
		s->p++;
	first = s->p;
	if (skip_digits(s) == 0)
		return false;
	for (; first < s->p && value <= JSON_EXPONENT_MAX; first++)
		value = value * 10 + (*first - '0');
	*large = value > JSON_EXPONENT_MAX;
	return true;
}

static enum json_fault
scan_number(struct scan *s)
{
	const char *first = s->p, *integer;
	bool large = false;
	size_t digits;

	if (*s->p == '-')
		s->p++;
	integer = s->p;
	digits = skip_digits(s);
	if (digits == 0 || (*integer == '0' && digits > 1))
		return fault_here(s, first, JSON_SYNTAX);
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (skip_digits(s) == 0)
			return fault_here(s, first, JSON_SYNTAX);
	}
	if (!scan_exponent(s, &large))
		return fault_here(s, first, JSON_SYNTAX);
	if (large || digits > JSON_INTEGER_DIGITS_MAX ||
	    s->p - first > JSON_NUMBER_BYTES_MAX)
		return fault_here(s, first, JSON_NUMBER);
	return JSON_OK;
}

static enum json_fault
scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
		return fault_here(s, s->p, JSON_SYNTAX);
	s->p += len;
	return JSON_OK;
}

static void *
or_abort(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

static struct key *
push_key(struct scan *s)
{
	if (s->keys_count == s->keys_size) {
		struct key *old = s->keys == s->keys_inline ? NULL : s->keys;

		s->keys_size *= 4;
		s->keys = or_abort(
		    realloc(old, s->keys_size * sizeof(*s->keys)));
		if (old == NULL)
			memcpy(s->keys, s->keys_inline, sizeof(s->keys_inline));
	}
	return &s->keys[s->keys_count++];
}

/* A key and its colon. */
static enum json_fault
scan_key(struct scan *s)
{
	const char *quote = s->p;
	enum json_fault fault;
	struct key *key;
	bool escaped;

	if (s->p == s->end || *s->p != '"')
		return fault_here(s, s->p, JSON_SYNTAX);
	if ((fault = scan_string(s, &escaped)) != JSON_OK)
		return fault;
	key = push_key(s);
	*key = (struct key){ .text = quote + 1,
		.len = (size_t)(s->p - quote) - 2,
		.offset = (size_t)(quote - s->start) };
	if (escaped) {
		if (s->unescaped == NULL)
			s->unescaped = or_abort(
			    malloc((size_t)(s->end - s->start)));
		key->text = s->unescaped + s->unescaped_used;
		key->len = json_unescape(s->unescaped + s->unescaped_used,
		    quote + 1, key->len);
		s->unescaped_used += key->len;
	}
	skip_space(s);
	if (s->p == s->end || *s->p != ':')
		return fault_here(s, s->p, JSON_SYNTAX);
	s->p++;
	return JSON_OK;
}

static int
compare_texts(const struct key *a, const struct key *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->text, b->text, a->len);
}

static int
compare_keys(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	int order = compare_texts(a, b);

	if (order != 0)
		return order;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* The keys of the innermost object: few are compared each with each, many
 * are sorted, so that a hostile body cannot make it slow. */
static enum json_fault
check_keys(struct scan *s, size_t first)
{
	struct key *keys = s->keys + first;
	size_t count = s->keys_count - first;

	if (count <= KEYS_COMPARED_MAX) {
		for (size_t i = 1; i < count; i++)
			for (size_t j = 0; j < i; j++)
				if (compare_texts(&keys[i], &keys[j]) == 0)
					return fault_here(s,
					    s->start + keys[i].offset,
					    JSON_DUPLICATE);
		return JSON_OK;
	}
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++)
		if (compare_texts(&keys[i - 1], &keys[i]) == 0)
			return fault_here(s, s->start + keys[i].offset,
			    JSON_DUPLICATE);
	return JSON_OK;
}

static enum json_fault
open_container(struct scan *s)
{
	if (s->depth == s->depth_max)
		return fault_here(s, s->p, JSON_DEPTH);
	s->open[s->depth].object = *s->p == '{';
	s->open[s->depth].first_key = s->keys_count;
	s->open[s->depth].unescaped_used = s->unescaped_used;
	s->depth++;
	s->p++;
	return JSON_OK;
}

static enum json_fault
close_container(struct scan *s)
{
	enum json_fault fault = JSON_OK;
	size_t first = s->open[s->depth - 1].first_key;

	if (s->open[s->depth - 1].object)
		fault = check_keys(s, first);
	s->depth--;
	s->keys_count = first;
	s->unescaped_used = s->open[s->depth].unescaped_used;
	s->p++;
	return fault;
}

static enum json_fault
scan_scalar(struct scan *s)
{
	bool escaped;

	switch (s->p < s->end ? *s->p : '\0') {
	case '"':
		return scan_string(s, &escaped);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return scan_number(s);
	default:
		return fault_here(s, s->p, JSON_SYNTAX);
	}
}

/* After a value: close what ends here, then a comma.  *more is whether
 * another value must follow. */
static enum json_fault
scan_after(struct scan *s, bool *more)
{
	*more = false;
	while (s->depth > 0) {
		enum json_fault fault;
		bool object = s->open[s->depth - 1].object;

		skip_space(s);
		if (s->p < s->end && *s->p == ',') {
			s->p++;
			*more = true;
			return JSON_OK;
		}
		if (s->p == s->end || *s->p != (object ? '}' : ']'))
			return fault_here(s, s->p, JSON_SYNTAX);
		if ((fault = close_container(s)) != JSON_OK)
			return fault;
	}
	return JSON_OK;
}

/* One value's beginning: a scalar, or the opening of a container; *more is
 * whether another value must follow at once. */
static enum json_fault
scan_value(struct scan *s, bool *more)
{
	enum json_fault fault;

	skip_space(s);
	if (s->p == s->end || (*s->p != '{' && *s->p != '[')) {
		if ((fault = scan_scalar(s)) != JSON_OK)
			return fault;
		return scan_after(s, more);
	}
	if ((fault = open_container(s)) != JSON_OK)
		return fault;
	skip_space(s);
	*more = s->p == s->end || (*s->p != '}' && *s->p != ']');
	return *more ? JSON_OK : scan_after(s, more);
}

static enum json_fault
scan_text(struct scan *s)
{
	bool more = true;

	skip_space(s);
	if (s->p == s->end)
		return fault_here(s, s->p, JSON_EMPTY);
	while (more) {
		enum json_fault fault;

		skip_space(s);
		if (s->depth > 0 && s->open[s->depth - 1].object &&
		    (fault = scan_key(s)) != JSON_OK)
			return fault;
		if ((fault = scan_value(s, &more)) != JSON_OK)
			return fault;
	}
	skip_space(s);
	return s->p == s->end ? JSON_OK : fault_here(s, s->p, JSON_TRAILING);
}

enum json_fault
json_scan(const char *data, size_t len, size_t *offset)
{
	return json_scan_deep(data, len, JSON_DEPTH_MAX, offset);
}

enum json_fault
json_scan_deep(const char *data, size_t len, int depth, size_t *offset)
{
	struct scan s = { .start = data,
		.p = data,
		.end = data + len,
		.depth_max = depth < JSON_DEPTH_LIMIT ? depth
						      : JSON_DEPTH_LIMIT,
		.keys_size = KEYS_INLINE };
	enum json_fault fault;

	s.keys = s.keys_inline;
	fault = scan_text(&s);
	if (s.keys != s.keys_inline)
		free(s.keys);
	free(s.unescaped);
	if (offset != NULL)
		*offset = s.fault_at;
	return fault;
}
