#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* RFC 6890 and its successors. */
static bool
is_private_4(uint32_t address)
{
	static const struct {
		uint32_t network;
		int bits;
	} rows[] = {
		{ 0x00000000, 8 },  /* 0.0.0.0 */
		{ 0x0a000000, 8 },  /* 10.0.0.0 */
		{ 0x64400000, 10 }, /* 100.64.0.0 */
		{ 0x7f000000, 8 },  /* 127.0.0.0 */
		{ 0xa9fe0000, 16 }, /* 169.254.0.0 */
		{ 0xac100000, 12 }, /* 172.16.0.0 */
		{ 0xc0000000, 24 }, /* 192.0.0.0 */
		{ 0xc0a80000, 16 }, /* 192.168.0.0 */
		{ 0xc6120000, 15 }, /* 198.18.0.0 */
		{ 0xe0000000, 3 },  /* 224.0.0.0 and above */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((address ^ rows[i].network) >> (32 - rows[i].bits) == 0)
			return true;
	return false;
}

static uint32_t
four_bytes(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static bool
is_private_6(const uint8_t *a)
{
	static const uint8_t zero[12];
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(a, zero, 12) == 0 || memcmp(a, mapped, 12) == 0 ||
	    memcmp(a, nat64, 12) == 0)
		return is_private_4(four_bytes(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
		return is_private_4(four_bytes(a + 2));
	return (a[0] & 0xe0) != 0x20; /* all but 2000::/3 */
}

bool
address_is_private(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, address, sizeof(four));
		return is_private_4(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, address, sizeof(six));
		return is_private_6(six.sin6_addr.s6_addr);
	}
	return true;
}

bool
address_is(const struct sockaddr *address, const char *text)
{
	struct in6_addr wanted;

	if (inet_pton(address->sa_family, text, &wanted) != 1)
		return false;
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, address, sizeof(four));
		return memcmp(&four.sin_addr, &wanted, sizeof(four.sin_addr)) ==
		    0;
	} else {
		struct sockaddr_in6 six;

		memcpy(&six, address, sizeof(six));
		return memcmp(&six.sin6_addr, &wanted, sizeof(wanted)) == 0;
	}
}

bool
address_valid(const char *text)
{
	struct in6_addr parsed;

	return inet_pton(AF_INET, text, &parsed) == 1 ||
	    inet_pton(AF_INET6, text, &parsed) == 1;
}
