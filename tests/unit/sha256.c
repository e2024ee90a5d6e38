#include "util/sha256.h"

#include "unit.h"
#include "util/hex.h"

static const char abc[] =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char nothing[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* Vectors of FIPS 180. */
static void
digests(void)
{
	char text_abc[] = "abc";
	struct iovec pieces[] = { { text_abc, 1 }, { NULL, 0 },
		{ text_abc + 1, 2 } };
	uint8_t digest[SHA256_BYTES];
	char text[65];

	for (int i = 0; i < 2; i++) { /* the context is used again */
		sha256(digest, &(struct iovec){ text_abc, 3 }, 1);
		hex_encode(text, digest, sizeof(digest));
		CHECK_TEXT(text, abc);
		sha256(digest, pieces, 3);
		hex_encode(text, digest, sizeof(digest));
		CHECK_TEXT(text, abc);
		sha256(digest, NULL, 0);
		hex_encode(text, digest, sizeof(digest));
		CHECK_TEXT(text, nothing);
	}
}

CU_TestInfo sha256_tests[] = {
	{ "digests pieces", digests },
	CU_TEST_INFO_NULL,
};
