/*
 * The text of one field.  The first byte chooses its type; what passes for
 * SQL is UTF-8 without NUL and keeps the promise of its type.
 */
#include "fuzz.h"

#include "input.h"
#include "util/hex.h"
#include "util/text.h"
#include "util/utime.h"

/* A time loses what is finer than a microsecond, nothing else changes. */
static bool
is_cut_of(const char *value, const char *text)
{
	size_t same = 0;
	const char *rest = text;

	while (value[same] != '\0' && value[same] == text[same])
		same++;
	if (same < 7 || value[same - 7] != '.')
		return strcmp(value, text) == 0;
	rest += same + strspn(text + same, "0123456789");
	return strcmp(value + same, rest) == 0;
}

static void
check_value(const struct field *field, const char *value, const char *text)
{
	size_t len = strlen(value);
	ssize_t points = text_code_points(value, len);
	long long number;

	MUST(points >= 0);
	if (field->type == FIELD_TIME)
		MUST(is_cut_of(value, text));
	else
		MUST(strcmp(value, text) == 0);
	switch (field->type) {
	case FIELD_INT:
		number = strtoll(value, NULL, 10);
		MUST(number >= field->min && number <= field->max);
		break;
	case FIELD_TIME:
		MUST(time_parse_rfc3339(value, len, NULL));
		break;
	case FIELD_USER_ID:
		MUST(text_is_user_id(value, len));
		break;
	case FIELD_CHOICE:
		MUST(strchr(value, '|') == NULL);
		break;
	case FIELD_BOOL:
		MUST(len == 4 || len == 5);
		break;
	default:
		MUST(points >= field->min && points <= field->max);
		MUST(
		    field->type == FIELD_TEXT || !text_has_control(value, len));
	}
}

/* Forms that are read elsewhere: keys, times, base64url. */
static void
check_others(struct arena *arena, const char *text, size_t len)
{
	uint8_t *bytes = malloc(len + 1);
	char *again = malloc(len + 8);
	const char *key = input_key(arena, text);
	ssize_t decoded = base64url_decode(bytes, text, len);
	int64_t us, back;
	char time[28];

	MUST(key == NULL || (strlen(key) >= 1 && strlen(key) <= 255));
	if (decoded >= 0) {
		MUST(base64url_encode(again, bytes, (size_t)decoded) == len);
		MUST(strcmp(again, text) == 0);
	}
	if (time_parse_rfc3339(text, len, &us)) {
		time_format_rfc3339(time, us);
		MUST(time_parse_rfc3339(time, 27, &back));
		/* an offset can lead out of the years 1 to 9999 */
		MUST(back == us || strncmp(time, "0001-01-01", 10) == 0 ||
		    strncmp(time, "9999-12-31", 10) == 0);
	}
	free(bytes);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct field field = { "f", FIELD_INT, IN_QUERY, true, 1, 1000,
		"one|two|three" };
	struct input_errors errors = { 0 };
	struct arena arena = { 0 };
	const char *value;
	char *text;

	if (size == 0)
		return 0;
	field.type = (enum field_type)((unsigned)data[0] % 13);
	text = text_of(data + 1, size - 1);
	value = input_text(&arena, &field, text, size - 1, &errors);
	MUST((value == NULL) == (errors.count == 1));
	if (value != NULL)
		check_value(&field, value, text);
	if (strlen(text) == size - 1)
		check_others(&arena, text, size - 1);
	buf_free(&errors.json);
	arena_free(&arena);
	free(text);
	return 0;
}
