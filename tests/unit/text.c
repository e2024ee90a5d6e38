#include "util/text.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void
counts_code_points(void)
{
	static const struct {
		const char *text;
		ssize_t count;
	} cases[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\xc2\x80", 1 },
		{ "\xdf\xbf", 1 },
		{ "\xe0\xa0\x80", 1 },
		{ "\xed\x9f\xbf", 1 },
		{ "\xee\x80\x80", 1 },
		{ "\xef\xbf\xbf", 1 },
		{ "\xf0\x90\x80\x80", 1 },
		{ "\xf4\x8f\xbf\xbf", 1 },
		{ "\xe7\xa7\xaf\xe5\x88\x86!", 3 },
		{ "e\xcc\x81", 2 }, /* combining: two code points */
		/* not UTF-8 */
		{ "\x80", -1 },
		{ "a\xbf", -1 },
		{ "\xc0\x80", -1 },
		{ "\xc1\xbf", -1 },
		{ "\xc2", -1 },
		{ "\xc2"
		  "a",
		    -1 },
		{ "\xe0\x9f\xbf", -1 },
		{ "\xe0\xa0", -1 },
		{ "\xe1\x80"
		  "a",
		    -1 },
		{ "\xed\xa0\x80", -1 },
		{ "\xed\xbf\xbf", -1 },
		{ "\xf0\x8f\xbf\xbf", -1 },
		{ "\xf0\x90\x80", -1 },
		{ "\xf1\x80\x80"
		  "a",
		    -1 },
		{ "\xf4\x90\x80\x80", -1 },
		{ "\xf5\x80\x80\x80", -1 },
		{ "\xff", -1 },
		{ "\xfe", -1 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = strlen(cases[i].text);
		char *exact = malloc(len + 1); /* no NUL: ASan guards */

		memcpy(exact, cases[i].text, len);
		exact = realloc(exact, len > 0 ? len : 1);
		CHECK(text_code_points(exact, len) == cases[i].count,
		    "case %zu has %zd code points", i, cases[i].count);
		free(exact);
	}
	CU_ASSERT_EQUAL(text_code_points("a\0b", 3), 3);
}

/* Every sequence of up to three bytes, against the definition of UTF-8. */
static void
agrees_with_the_definition(void)
{
	unsigned wrong = 0, valid = 0;

	for (unsigned code = 0; code <= 0x10ffff; code++) {
		char s[4];
		size_t len = code < 0x80 ? 1
		    : code < 0x800       ? 2
		    : code < 0x10000     ? 3
					 : 4;
		bool surrogate = code >= 0xd800 && code <= 0xdfff;

		for (size_t i = len, rest = code; i-- > 1; rest >>= 6)
			s[i] = (char)(0x80 | (rest & 63));
		s[0] = (char)(len == 1
			? code
			: (0xf00 >> len | code >> (6 * (len - 1))));
		valid += text_sequence(s, len) == len;
		wrong += text_sequence(s, len) != (surrogate ? 0 : len);
		wrong += len > 1 && text_sequence(s, len - 1) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(valid, 0x110000 - 0x800);
}

static void
finds_control_characters(void)
{
	for (int c = 1; c < 0x100; c++) {
		char ascii[] = { 'a', (char)c, 'z' };
		char two[] = { 'a', (char)0xc2, (char)c, 'z' };

		if (c < 0x80)
			CHECK(text_has_control(ascii, 3) ==
				(c < 0x20 || c == 0x7f),
			    "byte %02x", c);
		else if (c < 0xc0)
			CHECK(text_has_control(two, 4) == (c < 0xa0), "C2 %02x",
			    c);
	}
	CU_ASSERT_TRUE(text_has_control("a\0", 2));
	CU_ASSERT_FALSE(text_has_control("", 0));
	/* U+00C2 U+0085-like bytes inside other characters are none */
	CU_ASSERT_FALSE(text_has_control("\xe3\x82\x85", 3));
}

static void
mends_what_is_no_utf8(void)
{
	static const struct {
		const char *sent, *kept;
	} rows[] = {
		{ "", "" },
		{ "curl/7.88.1", "curl/7.88.1" },
		{ "\xe7\xa7\xaf \xf0\x9f\x98\x80",
		    "\xe7\xa7\xaf \xf0\x9f\x98\x80" },
		{ "caf\xe9", "caf?" },
		{ "\xff\xfe"
		  "a",
		    "??a" },
		{ "\xe7\xa7"
		  "a",
		    "??a" },
		{ "\xed\xa0\x80", "???" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[32];

		snprintf(text, sizeof(text), "%s", rows[i].sent);
		text_mend(text, strlen(text));
		CHECK(strcmp(text, rows[i].kept) == 0, "row %zu: %s", i, text);
	}
}

static void
knows_user_ids(void)
{
	char longest[130];

	memset(longest, 'a', sizeof(longest));
	CU_ASSERT_TRUE(text_is_user_id(longest, 128));
	CU_ASSERT_FALSE(text_is_user_id(longest, 129));
	CU_ASSERT_FALSE(text_is_user_id("", 0));
	CU_ASSERT_TRUE(text_is_user_id("auth0|5f7c8ec7c33c6c004bbafe82", 30));
	CU_ASSERT_TRUE(text_is_user_id(" /\xe7\xa7\xaf", 5));
	CU_ASSERT_FALSE(text_is_user_id("a\nb", 3));
	CU_ASSERT_FALSE(text_is_user_id("a\xc2\x80", 3));
	CU_ASSERT_FALSE(text_is_user_id("a\0b", 3));
	CU_ASSERT_FALSE(text_is_user_id("a\xff", 2));
	/* the limit counts bytes: 43 characters of 3 bytes are 129 */
	for (int i = 0; i < 129; i += 3)
		memcpy(longest + i, "\xe7\xa7\xaf", 3);
	CU_ASSERT_TRUE(text_is_user_id(longest, 126));
	CU_ASSERT_FALSE(text_is_user_id(longest, 129));
}

static void
decodes_percent_escapes(void)
{
	static const struct {
		const char *in;
		bool plus;
		const char *out; /* NULL: refused */
	} cases[] = {
		{ "", false, "" }, { "abc", false, "abc" },
		{ "%41%62", false, "Ab" }, { "%2F%2f", false, "//" },
		{ "a+b", false, "a+b" }, { "a+b", true, "a b" },
		{ "a%2Bb", true, "a+b" },
		{ "%25%32%35", false, "%25" }, /* once, not twice */
		{ "%", false, NULL }, { "%4", false, NULL },
		{ "a%4", false, NULL }, { "%4g", false, NULL },
		{ "%g4", false, NULL }, { "%%41", false, NULL },
		{ "% 1", false, NULL }, { "%-1", false, NULL },
		{ "%00", false, NULL }, { "a%00b", true, NULL },
		{ "%ff", false, "\xff" }, /* UTF-8 is another's question */
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char *text = strdup(cases[i].in);
		ssize_t len = text_percent_decode(text, strlen(text),
		    cases[i].plus);

		if (cases[i].out == NULL) {
			CHECK(len == -1, "<%s> is refused", cases[i].in);
		} else {
			CHECK(len == (ssize_t)strlen(cases[i].out),
			    "<%s> has its length", cases[i].in);
			CHECK_TEXT(text, cases[i].out);
		}
		free(text);
	}
	{
		char raw[] = "a\0b"; /* a NUL that came unescaped */

		CU_ASSERT_EQUAL(text_percent_decode(raw, 3, false), -1);
	}
}

CU_TestInfo text_tests[] = {
	{ "counts code points", counts_code_points },
	{ "agrees with the definition of UTF-8", agrees_with_the_definition },
	{ "finds control characters", finds_control_characters },
	{ "mends what is no UTF-8", mends_what_is_no_utf8 },
	{ "knows user ids", knows_user_ids },
	{ "decodes percent escapes", decodes_percent_escapes },
	CU_TEST_INFO_NULL,
};
