#include "util/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "unit.h"

/* The socket address of a text. */
static const struct sockaddr *
parse(const char *text)
{
	static union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} a;

	memset(&a, 0, sizeof(a));
	if (inet_pton(AF_INET, text, &a.four.sin_addr) == 1)
		a.any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.six.sin6_addr) == 1)
		a.any.sa_family = AF_INET6;
	else
		a.any.sa_family = AF_UNIX;
	return &a.any;
}

static void
knows_private_ones(void)
{
	static const char *const private[] = { "0.0.0.0", "0.255.255.255",
		"10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
		"127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0",
		"172.31.255.255", "192.0.0.8", "192.168.0.1", "198.18.0.0",
		"198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.1.2.3",
		"64:ff9b::10.0.0.1", "2002:a00:1::1", "fc00::1", "fdff::1",
		"fe80::1", "ff02::1", "100::1", "4000::1" };
	static const char *const public[] = { "1.1.1.1", "9.255.255.255",
		"11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255",
		"172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1",
		"64:ff9b::8.8.8.8", "2002:808:808::1", "3fff::1" };

	for (size_t i = 0; i < LENGTH(private); i++)
		CHECK(address_is_private(parse(private[i])), "%s", private[i]);
	for (size_t i = 0; i < LENGTH(public); i++)
		CHECK(!address_is_private(parse(public[i])), "%s", public[i]);
	CHECK(address_is_private(parse("a Unix socket")), "another family");
}

static void
compares(void)
{
	CU_ASSERT_TRUE(address_is(parse("10.0.0.7"), "10.0.0.7"));
	CU_ASSERT_FALSE(address_is(parse("10.0.0.7"), "10.0.0.8"));
	CU_ASSERT_TRUE(address_is(parse("fd00::1"), "fd00:0:0::1"));
	CU_ASSERT_FALSE(address_is(parse("fd00::1"), "fd00::2"));
	CU_ASSERT_FALSE(address_is(parse("::ffff:10.0.0.7"), "10.0.0.7"));
	CU_ASSERT_FALSE(address_is(parse("10.0.0.7"), "localhost"));
}

static void
reads_addresses_only(void)
{
	CU_ASSERT_TRUE(address_valid("127.0.0.1") && address_valid("::1"));
	CU_ASSERT_FALSE(address_valid("") || address_valid("localhost") ||
	    address_valid("10.0.0.0/8") || address_valid("127.1"));
}

CU_TestInfo address_tests[] = {
	{ "knows private ones", knows_private_ones },
	{ "compares", compares },
	{ "reads addresses only", reads_addresses_only },
	CU_TEST_INFO_NULL,
};
