#include "openapi_schema.h"

#include <assert.h>
#include <string.h>

#include "util/buf.h"

/* ---- fields ---- */

/* "a|b|c" as "\"a\",\"b\",\"c\"". */
static void
add_words(struct buf *out, const char *words, size_t len)
{
	const char *end = words + len;

	while (words < end) {
		size_t n = strcspn(words, "|");

		if (words + n > end)
			n = (size_t)(end - words);
		buf_printf(out, "\"%.*s\"", (int)n, words);
		words += n + 1;
		if (words < end)
			buf_adds(out, ",");
	}
}

static void
limits(struct buf *out, const struct field *f)
{
	if (f->min > 0)
		buf_printf(out, ",\"minLength\":%lld", f->min);
	if (f->max > 0)
		buf_printf(out, ",\"maxLength\":%lld", f->max);
}

void
schema_of_field(struct buf *out, const struct field *f)
{
	switch (f->type) {
	case FIELD_INT:
		buf_printf(out,
		    "{\"type\":\"integer\",\"minimum\":%lld,"
		    "\"maximum\":%lld}",
		    f->min, f->max);
		return;
	case FIELD_BOOL:
		buf_adds(out, "{\"type\":\"boolean\"}");
		return;
	case FIELD_TIME:
		buf_adds(out, "{\"type\":\"string\",\"format\":\"date-time\"}");
		return;
	case FIELD_OBJECT:
		buf_adds(out, "{\"type\":\"object\"}");
		return;
	case FIELD_JSON:
		buf_adds(out, "{}");
		return;
	case FIELD_ARRAY:
	case FIELD_LIST:
		buf_printf(out,
		    "{\"type\":\"array\",\"items\":{\"type\":\"object\"},"
		    "\"minItems\":%lld,\"maxItems\":%lld}",
		    f->min, f->max);
		return;
	case FIELD_NAMES:
		buf_printf(out,
		    "{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
		    "\"minItems\":%lld,\"maxItems\":%lld}",
		    f->min, f->max);
		return;
	case FIELD_CHOICE:
		buf_adds(out, "{\"type\":\"string\",\"enum\":[");
		add_words(out, f->choices, strlen(f->choices));
		buf_adds(out, "]}");
		return;
	case FIELD_EMAIL:
		buf_adds(out, "{\"type\":\"string\",\"format\":\"email\"");
		break;
	case FIELD_NAME:
		buf_adds(out,
		    "{\"type\":\"string\",\"pattern\":\"^[a-z0-9_.-]+$\"");
		break;
	case FIELD_CURRENCY:
		buf_adds(out,
		    "{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"");
		break;
	case FIELD_CURSOR:
		buf_adds(out,
		    "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]+$\"");
		break;
	case FIELD_MONTH:
		buf_adds(out,
		    "{\"type\":\"string\","
		    "\"pattern\":\"^\\\\d{4}-(0[1-9]|1[0-2])$\"");
		break;
	default:
		buf_adds(out, "{\"type\":\"string\"");
		break;
	}
	limits(out, f);
	buf_adds(out, "}");
}

void
example_of_field(struct buf *out, const struct field *f)
{
	switch (f->type) {
	case FIELD_INT:
		buf_printf(out, "%lld",
		    f->min <= 5 && f->max >= 5 ? 5 : f->min);
		break;
	case FIELD_BOOL:
		buf_adds(out, "true");
		break;
	case FIELD_TIME:
		buf_adds(out, "\"2026-12-01T00:00:00Z\"");
		break;
	case FIELD_OBJECT:
	case FIELD_JSON:
		buf_adds(out, "{}");
		break;
	case FIELD_ARRAY:
	case FIELD_LIST:
		buf_adds(out, "[{}]");
		break;
	case FIELD_NAMES:
		buf_adds(out, "[\"image\"]");
		break;
	case FIELD_CHOICE:
		buf_printf(out, "\"%.*s\"", (int)strcspn(f->choices, "|"),
		    f->choices);
		break;
	case FIELD_EMAIL:
		buf_adds(out, "\"alice@example.com\"");
		break;
	case FIELD_CURRENCY:
		buf_adds(out, "\"CNY\"");
		break;
	case FIELD_USER_ID:
		buf_adds(out, "\"alice\"");
		break;
	case FIELD_MONTH:
		buf_adds(out, "\"2026-12\"");
		break;
	default:
		buf_printf(out, "\"%.*s\"",
		    f->max > 0 && f->max < 12 ? (int)f->max : 12,
		    strcmp(f->name, "reason") == 0 ? "an image" : "example");
		break;
	}
}

/* ---- shapes ---- */

/* One member of a shape's notation. */
struct member {
	const char *name, *type;
	size_t name_len, type_len;
	bool optional, null;
};

/* Take the next member off *text; false at the end. */
static bool
next_member(const char **text, struct member *m)
{
	const char *p = *text + strspn(*text, ", ");

	if (*p == '\0')
		return false;
	m->optional = *p == '-';
	p += m->optional;
	m->name = p;
	m->name_len = strcspn(p, " ");
	p += m->name_len + 1;
	m->type = p;
	m->type_len = strcspn(p, ",");
	*text = p + m->type_len;
	m->null = m->type[m->type_len - 1] == '?';
	m->type_len -= m->null;
	return true;
}

static bool
is(const char *type, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(type, word, len) == 0;
}

static const struct {
	const char *name, *schema, *example;
} plain_types[] = {
	{ "integer",
	    "\"type\":\"integer\",\"minimum\":0,"
	    "\"maximum\":9007199254740991",
	    "7" },
	{ "signed", "\"type\":\"integer\"", "7" },
	{ "text", "\"type\":\"string\"", "\"example\"" },
	{ "boolean", "\"type\":\"boolean\"", "false" },
	{ "time", "\"type\":\"string\",\"format\":\"date-time\"",
	    "\"2026-11-21T21:30:00.000000+00:00\"" },
	{ "object", "\"type\":\"object\"", "{}" },
	{ "money",
	    "\"type\":\"object\",\"additionalProperties\":"
	    "{\"type\":\"integer\"}",
	    "{\"CNY\":9900}" },
	{ "id", "\"type\":\"string\",\"pattern\":\"^[0-9a-z]{26}$\"",
	    "\"01jd7z9w3k5v8x2m4n6p7q8r9s\"" },
	{ "any", "", "{}" },
};
enum { PLAIN_TYPES = sizeof(plain_types) / sizeof(plain_types[0]) };

static void schema_of_type(struct buf *out, const char *type, size_t len);

/* "* type": members of any name. */
static bool
is_rest(const struct member *m)
{
	return is(m->name, m->name_len, "*");
}

/* What stands between the braces of a type's schema. */
static void
schema_words(struct buf *out, const char *type, size_t len)
{
	if (type[0] == '@') {
		assert(shape_find(type + 1, len - 1) != NULL);
		buf_printf(out, "\"$ref\":\"#/components/schemas/%.*s\"",
		    (int)len - 1, type + 1);
		return;
	}
	if (type[0] == '[') {
		buf_adds(out, "\"type\":\"array\",\"items\":");
		schema_of_type(out, type + 1, len - 2);
		return;
	}
	for (size_t i = 0; i < PLAIN_TYPES; i++)
		if (is(type, len, plain_types[i].name)) {
			buf_adds(out, plain_types[i].schema);
			return;
		}
	buf_adds(out, "\"type\":\"string\",\"enum\":[");
	add_words(out, type, len);
	buf_adds(out, "]");
}

static void
schema_of_type(struct buf *out, const char *type, size_t len)
{
	buf_adds(out, "{");
	schema_words(out, type, len);
	buf_adds(out, "}");
}

static void
schema_of_member(struct buf *out, const struct member *m)
{
	buf_printf(out, "\"%.*s\":", (int)m->name_len, m->name);
	if (!m->null) {
		schema_of_type(out, m->type, m->type_len);
		return;
	}
	buf_adds(out, "{\"anyOf\":[");
	schema_of_type(out, m->type, m->type_len);
	buf_adds(out, ",{\"type\":\"null\"}]}");
}

void
schema_of_shape(struct buf *out, const struct shape *shape)
{
	const char *text = shape->members;
	const char *comma = "";
	struct member m = { 0 };

	buf_adds(out, "{\"type\":\"object\",\"properties\":{");
	while (next_member(&text, &m) && !is_rest(&m)) {
		buf_adds(out, comma);
		schema_of_member(out, &m);
		comma = ",";
	}
	buf_adds(out, "},\"required\":[");
	text = shape->members;
	comma = "";
	while (next_member(&text, &m)) {
		if (m.optional || is_rest(&m))
			continue;
		buf_printf(out, "%s\"%.*s\"", comma, (int)m.name_len, m.name);
		comma = ",";
	}
	buf_adds(out, "]");
	if (m.name != NULL && is_rest(&m)) {
		buf_adds(out, ",\"additionalProperties\":");
		schema_of_type(out, m.type, m.type_len);
	}
	buf_adds(out, "}");
}

/* What a text member would say; others say "example". */
static const struct {
	const char *name, *example;
} texts[] = {
	{ "user_id", "alice" },
	{ "kind", "consume" },
	{ "reason", "an image" },
	{ "actor", "user" },
	{ "created_by", "user" },
	{ "source", "registration" },
	{ "type", "image" },
	{ "plan", "pro" },
	{ "email", "alice@example.com" },
	{ "display_name", "Alice" },
	{ "next_cursor", "7" },
	{ "currency", "CNY" },
	{ "provider", "stripe" },
};

static void
example_text(struct buf *out, const struct member *m)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (is(m->name, m->name_len, texts[i].name)) {
			buf_printf(out, "\"%s\"", texts[i].example);
			return;
		}
	buf_adds(out, "\"example\"");
}

static void
example_of_type(struct buf *out, const char *type, size_t len)
{
	if (type[0] == '@') {
		example_of_shape(out, shape_find(type + 1, len - 1));
		return;
	}
	if (type[0] == '[') {
		buf_adds(out, "[");
		example_of_type(out, type + 1, len - 2);
		buf_adds(out, "]");
		return;
	}
	for (size_t i = 0; i < PLAIN_TYPES; i++)
		if (is(type, len, plain_types[i].name)) {
			buf_adds(out, plain_types[i].example);
			return;
		}
	buf_printf(out, "\"%.*s\"", (int)strcspn(type, "|,?"), type);
}

void
example_of_shape(struct buf *out, const struct shape *shape)
{
	const char *text = shape->members;
	const char *comma = "";
	struct member m;

	buf_adds(out, "{");
	while (next_member(&text, &m)) {
		if (m.optional)
			continue;
		if (is_rest(&m))
			buf_printf(out, "%s\"name\":", comma);
		else
			buf_printf(out, "%s\"%.*s\":", comma, (int)m.name_len,
			    m.name);
		if (is(m.type, m.type_len, "text"))
			example_text(out, &m);
		else
			example_of_type(out, m.type, m.type_len);
		comma = ",";
	}
	buf_adds(out, "}");
}
