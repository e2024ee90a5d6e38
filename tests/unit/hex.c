#include "util/hex.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void
encodes_hex(void)
{
	char out[17];

	hex_encode(out, (const uint8_t *)"\x00\x01\x7f\x80\xab\xff", 6);
	CHECK_TEXT(out, "00017f80abff");
	hex_encode(out, NULL, 0);
	CHECK_TEXT(out, "");
}

static void
decodes_hex(void)
{
	char out[7];

	CU_ASSERT_PTR_EQUAL(hex_decode(out, "00017f80abFF", 6), out);
	CU_ASSERT_EQUAL(memcmp(out, "\x00\x01\x7f\x80\xab\xff", 6), 0);
	CHECK_TEXT(hex_decode(out, "", 0), "");
}

/* RFC 4648 section 10, without padding, and the two special letters. */
static void
encodes_base64url(void)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" },
		{ "f", "Zg" },
		{ "fo", "Zm8" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg" },
		{ "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xef\xbe", "----" },
		{ "\xff\xff\xff", "____" },
	};
	char text[32];
	uint8_t bytes[32];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = strlen(cases[i].bytes);
		size_t text_len = strlen(cases[i].text);

		CU_ASSERT_EQUAL(base64url_encode(text,
				    (const uint8_t *)cases[i].bytes, len),
		    text_len);
		CHECK_TEXT(text, cases[i].text);
		CU_ASSERT_EQUAL(base64url_decode(bytes, cases[i].text,
				    text_len),
		    (ssize_t)len);
		CHECK(memcmp(bytes, cases[i].bytes, len) == 0,
		    "<%s> is decoded", cases[i].text);
	}
}

static void
refuses_what_is_not_canonical(void)
{
	static const char *const cases[] = {
		"A",
		"AAAAA",
		"Zg==",
		"Zm9v=",
		"Zm8=",
		"Zm 9v",
		"Zm9v\n",
		"Zm+v",
		"Zm/v",
		"Zm.v",
		"\xc3\xa9\xc3\xa9",
		"Zm9\x01",
		/* left-over bits that are not zero */
		"Zh",
		"Zv",
		"Z_",
		"Zm9",
		"Zm-",
		"Zm9vYh",
		"AB",
		"AAB",
	};
	uint8_t bytes[32];

	for (size_t i = 0; i < LENGTH(cases); i++)
		CHECK(base64url_decode(bytes, cases[i], strlen(cases[i])) == -1,
		    "<%s> is refused", cases[i]);
	CU_ASSERT_EQUAL(base64url_decode(bytes, "Zm\0v", 4), -1);
}

/* Any text decodes to bytes that encode to that very text, or not at all. */
static void
has_one_text_for_each_value(void)
{
	unsigned short state[3] = { 1, 2, 3 };
	unsigned decoded = 0, wrong = 0;

	for (int round = 0; round < 200000; round++) {
		static const char letters[] = "AQgwZ-_9=";
		size_t len = (size_t)nrand48(state) % 9;
		char text[9], again[16];
		uint8_t bytes[8];
		ssize_t n;

		for (size_t i = 0; i < len; i++)
			text[i] = letters[nrand48(state) % 9];
		n = base64url_decode(bytes, text, len);
		if (n < 0)
			continue;
		decoded++;
		wrong += base64url_encode(again, bytes, (size_t)n) != len ||
		    memcmp(again, text, len) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_TRUE(decoded > 1000);
}

CU_TestInfo hex_tests[] = {
	{ "encodes hexadecimal", encodes_hex },
	{ "decodes hexadecimal", decodes_hex },
	{ "encodes and decodes base64url", encodes_base64url },
	{ "refuses what is not canonical", refuses_what_is_not_canonical },
	{ "has one text for each value", has_one_text_for_each_value },
	CU_TEST_INFO_NULL,
};
